import { createClient } from '@redis/client'
import { soon } from './carriers.ts'
import type { Carrier, Hearer } from './carriers.ts'

const stream = 'hearth'
const kept = 20_000
const blockMs = 3_000
const firstMs = 3_000

/** Signals over one stream of a Redis or Valkey: who was away for a moment goes on where they stopped. */
export async function openRedis(url: string, { hear, missed, trouble }: Hearer): Promise<Carrier> {
  const options = { url, disableOfflineQueue: true, pingInterval: 4_000, socket: { connectTimeout: 2_000, socketTimeout: 10_000, reconnectStrategy: (tries: number) => Math.min(100 * 2 ** tries, 2_000) } } as const
  const writer = createClient(options)
  const reader = createClient({ ...options, pingInterval: undefined, disableOfflineQueue: false })
  for (const one of [writer, reader]) one.on('error', trouble)
  let closed = false
  let last: string | undefined

  const idOf = async (end: 'first' | 'newest') => (end === 'first' ? await reader.xRange(stream, '-', '+', { COUNT: 1 }) : await reader.xRevRange(stream, '+', '-', { COUNT: 1 }))?.[0]?.id
  const begin = async () => { last ??= await idOf('newest') ?? '0-0' }
  const listen = async (): Promise<void> => {
    let away = false
    while (!closed) {
      try {
        await begin()
        if (away && older(last!, await idOf('first') ?? '0-0') && last !== '0-0') missed()
        away = false
        const came = await reader.xRead({ key: stream, id: last! }, { BLOCK: blockMs, COUNT: 500 })
        for (const { id, message } of (came as { messages: { id: string; message: Record<string, string> }[] }[] | null)?.[0]?.messages ?? []) {
          last = id
          if (message.signal) hear(message.signal)
        }
      } catch (error) {
        if (closed) return
        away = true
        trouble(error)
        await new Promise((done) => setTimeout(done, 200).unref())
      }
    }
  }
  const connected = Promise.all([writer.connect(), reader.connect()]).then(begin)
  connected.catch(trouble)
  // Without it this process runs as well: the others' signals come by the database then.
  const late = await soon(connected, firstMs).then(() => false, () => true)
  if (late) connected.then(missed, () => {})
  void listen()
  return {
    async send(payloads) {
      await soon(Promise.all(payloads.map((signal) => writer.xAdd(stream, '*', { signal }, { TRIM: { strategy: 'MAXLEN', strategyModifier: '~', threshold: kept } }))))
    },
    async close() {
      closed = true
      for (const one of [writer, reader]) one.destroy()
    },
  }
}

/** Ids of a stream are 'milliseconds-number'. */
function older(one: string, other: string): boolean {
  const [a, b] = [one, other].map((id) => id.split('-').map(Number) as [number, number]) as [[number, number], [number, number]]
  return a[0] < b[0] || (a[0] === b[0] && a[1] < b[1])
}
