/**
 * Resolves at the first SIGINT, SIGTERM or SIGHUP. A second one, a second later or more, ends the process at once
 * (npm sends a Ctrl-C on to us a second time in the same moment).
 * Started by npm, it ends with npm, however that ended.
 */
export function untilAskedToStop(): Promise<void> {
  return new Promise((done) => {
    let first = 0
    if (process.env.npm_lifecycle_event) {
      const parent = process.ppid
      const watch = setInterval(() => { if (process.ppid !== parent) { clearInterval(watch); done() } }, 250)
      watch.unref()
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (first === 0) { first = Date.now(); done() }
        else if (Date.now() - first > 1_000) process.exit(1)
      })
    }
  })
}
