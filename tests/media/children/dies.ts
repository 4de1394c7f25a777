// A worker for tests: crashes like a decoder hit by a crafted file.
process.on('message', () => process.kill(process.pid, 'SIGSEGV'))
