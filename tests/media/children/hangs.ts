// A worker for tests: never answers, and takes no hint.
process.on('message', () => { for (;;) { /* busy for ever */ } })
