export type Out = {
  /** what somebody asked to see, on standard output */
  line(text: string): void
  json(value: unknown): void
  /** how far something is, on standard error: a moving line on a terminal, a few plain ones elsewhere */
  progress(label: string, done?: number, total?: number): void
  /** ends the moving line */
  settle(): void
}

/** Prints for people or, in JSON mode, only what `json` is given. */
export function output(asJson: boolean): Out {
  const moving = process.stderr.isTTY === true
  let open = false
  let said = ''
  const settle = () => { if (open) process.stderr.write('\r\x1b[K'); open = false }
  return {
    line(text) { settle(); if (!asJson) process.stdout.write(`${text}\n`) },
    json(value) { settle(); if (asJson) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`) },
    progress(label, done, total) {
      if (asJson) return
      const part = done !== undefined && total ? Math.min(1, done / total) : undefined
      if (moving) {
        const bar = part === undefined ? '' : ` ${'█'.repeat(Math.round(part * 24)).padEnd(24, '░')} ${Math.round(part * 100)} %`
        process.stderr.write(`\r\x1b[K  ${label}${bar || ' …'}`)
        open = true
      } else {
        const text = part === undefined ? label : `${label} ${Math.floor(part * 4) * 25} %`
        if (text !== said) process.stderr.write(`  ${text}\n`)
        said = text
      }
    },
    settle,
  }
}
