export type Log = Record<'debug' | 'info' | 'warn' | 'error', (message: string, details?: Record<string, unknown>) => void>

const order = ['debug', 'info', 'warn', 'error'] as const

/** One JSON object a line, on standard error. Details must not hold personal data: ids, codes and numbers only. */
export function logger(level: (typeof order)[number], write: (line: string) => void = (line) => process.stderr.write(line)): Log {
  const at = (own: (typeof order)[number]) => (message: string, details: Record<string, unknown> = {}) => {
    if (order.indexOf(own) < order.indexOf(level)) return
    write(`${JSON.stringify({ time: new Date().toISOString(), level: own, message, ...details })}\n`)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
