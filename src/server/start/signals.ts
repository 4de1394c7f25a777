/**
 * Resolves at the first SIGINT, SIGTERM or SIGHUP. A second one, a second later or more, ends the process at once
 * (npm sends a Ctrl-C on to us a second time in the same moment).
 */
export function untilAskedToStop(): Promise<void> {
  return new Promise((done) => {
    let first = 0
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (first === 0) { first = Date.now(); done() }
        else if (Date.now() - first > 1_000) process.exit(1)
      })
    }
  })
}
