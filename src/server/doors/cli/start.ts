import type { Entry } from './command.ts'

export type Start = (environment: Record<string, string | undefined>) => Promise<void>

/** `hearth start`; what it does is main.ts's to know. */
export const startCommand = (start: Start): Entry => ({
  name: 'start',
  summary: 'starts the community and shows its address; Ctrl-C stops it',
  options: {
    port: { type: 'string', value: 'N', help: 'the port to listen on (PORT; 3000)' },
    host: { type: 'string', value: 'H', help: 'the address to listen on (HOST; 127.0.0.1)' },
  },
  more: 'Settings come from environment variables; the README lists them.',
  async run(ask) {
    const port = ask.text('port')
    const host = ask.text('host')
    await start({ ...ask.environment, ...(port === undefined ? {} : { PORT: port }), ...(host === undefined ? {} : { HOST: host }) })
  },
})
