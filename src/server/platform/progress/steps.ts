export type Steps = {
  /** What happens now; ends the step before. */
  begin(what: string): void
  /** Ends the current step: with a tick, or with a cross. */
  end(ok?: boolean): void
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** Shows what a program is doing: a turning wheel on a terminal, plain lines elsewhere. Times in seconds. */
export function steps(to: NodeJS.WriteStream, indent = '  '): Steps {
  let current: { what: string; since: number } | undefined
  let wheel: NodeJS.Timeout | undefined
  let frame = 0
  const seconds = () => `${((Date.now() - (current?.since ?? 0)) / 1000).toFixed(1)} s`
  const draw = () => to.write(`\r\x1b[2K${indent}${frames[frame++ % frames.length]} ${current?.what} \x1b[2m${seconds()}\x1b[0m`)
  const end = (ok = true) => {
    if (!current) return
    clearInterval(wheel)
    if (to.isTTY) to.write(`\r\x1b[2K${indent}${ok ? '\x1b[32m✓\x1b[0m' : '\x1b[31m✗\x1b[0m'} ${current.what} \x1b[2m${seconds()}\x1b[0m\n`)
    else if (!ok) to.write(`${indent}✗ ${current.what}\n`)
    current = undefined
  }
  return {
    begin(what) {
      end()
      current = { what, since: Date.now() }
      if (!to.isTTY) { to.write(`${indent}${what} …\n`); return }
      draw()
      wheel = setInterval(draw, 80)
      wheel.unref()
    },
    end,
  }
}
