import { readNcmec } from '../formats/index.ts'
import type { Parsed } from '../formats/index.ts'
import { connectorError, understood } from './types.ts'
import type { Asking, Connector } from './types.ts'

/** Entries don't come in the order of time: a span counts only when all of its pages are read (hash-sharing API, v2). So spans are short where much happened. */
const spanSeconds = 30 * 86_400
const mostPages = 400
const begin = Date.UTC(2014, 0, 1)
const time = (at: number) => new Date(at).toISOString().replace(/[.]\d+Z$/, 'Z')

/** The hash-sharing lists of NCMEC, for providers it has given access to. */
export const ncmec: Connector = {
  fields: [
    { name: 'address', secret: false, kind: 'url', preset: 'https://report.cybertip.org/hashsharing' },
    { name: 'username', secret: false, kind: 'text' },
    { name: 'password', secret: true, kind: 'text' },
  ],
  async *update(asking, { address = '', username = '' }, { password = '' }, checkpoint) {
    const base = address.replace(/\/+$/, '')
    const headers = { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }
    // A little in the past: what is being written this second comes with the next update.
    const end = asking.now.getTime() - 5_000
    let span = spanSeconds * 1000
    for (let from = checkpoint ? Date.parse(checkpoint) : begin; from < end;) {
      const to = Math.min(end, from + span)
      const rows = await wholeSpan(asking, base, headers, from, to)
      if (!rows) { span = Math.max(1000, Math.floor(span / 8)); continue }
      yield { rows, checkpoint: time(to) }
      if (rows.length < 10_000) span = Math.min(span * 2, 400 * 86_400_000)
      from = to
    }
  },
}

/** All entries between two times; null where there are more than should be read at once. */
async function wholeSpan(asking: Asking, base: string, headers: Record<string, string>, from: number, to: number): Promise<Parsed[] | null> {
  const rows: Parsed[] = []
  let address = `${base}/v2/entries?${new URLSearchParams({ from: time(from), to: time(to) })}`
  for (let page = 0; page < mostPages || to - from <= 1000; page++) {
    const text = await asking.ask(address, { headers })
    const read = understood(() => readNcmec(text))
    rows.push(...read.rows)
    if (!read.next) return rows
    if (!read.next.startsWith('/')) throw connectorError('notUnderstood', 'paging')
    address = `${base}${read.next}`
  }
  return null
}
