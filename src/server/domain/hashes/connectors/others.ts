import { z } from 'zod'
import { readStopNcii, readTat, readThreatUpdates } from '../formats/index.ts'
import type { ListedRow, Parsed } from '../formats/index.ts'
import { signalNamed, textOr } from '../formats/row.ts'
import { connectorError, understood } from './types.ts'
import type { Connector } from './types.ts'

const mostPages = 100_000
const day = 86_400
const seconds = (date: Date) => Math.floor(date.getTime() / 1000)
/** Where the next page is, only on the machine that was asked: its credentials go nowhere else. */
const sameHost = (next: string, base: string): string => {
  const url = understood(() => new URL(next, base))
  if (url.host !== new URL(base).host) throw connectorError('notUnderstood', 'paging')
  return url.href
}

/** StopNCII.org: hashes that people made of their own intimate pictures. What was withdrawn must go; who was away for 30 days reads all anew. */
export const stopncii: Connector = {
  fields: [{ name: 'address', secret: false, kind: 'url', preset: 'https://api.stopncii.org/v1' }, { name: 'functionKey', secret: true, kind: 'text' }, { name: 'subscriptionKey', secret: true, kind: 'text' }],
  async *update({ ask, now }, { address = '' }, { functionKey = '', subscriptionKey = '' }, checkpoint) {
    const stale = checkpoint !== null && seconds(now) - Number(checkpoint) > 30 * day
    const start = checkpoint === null || stale ? '10' : checkpoint
    let token: string | null = null
    for (let page = 0; page < mostPages; page++) {
      const query = new URLSearchParams({ startTimestamp: start, pageSize: '800', ...(token ? { nextPageToken: token } : {}) })
      const text = await ask(`${address.replace(/\/+$/, '')}/FetchHashes?${query}`, { headers: { 'x-functions-key': functionKey, 'ocp-apim-subscription-key': subscriptionKey } })
      const read = understood(() => readStopNcii(text))
      // Only the last page's time may be gone on from: before, something would be left out.
      yield { rows: read.rows, checkpoint: read.next ? null : read.checkpoint, fresh: stale }
      if (!read.next) return
      token = read.next
    }
  },
}

/** Tech Against Terrorism's hash list: verified terrorist content. */
export const tat: Connector = {
  fields: [{ name: 'address', secret: false, kind: 'url', preset: 'https://beta.terrorismanalytics.org' }, { name: 'username', secret: false, kind: 'text' }, { name: 'password', secret: true, kind: 'text' }],
  async *update({ ask }, { address = '', username = '' }, { password = '' }, checkpoint) {
    const base = address.replace(/\/+$/, '')
    const login = await ask(`${base}/token-auth/tcap/`, { form: { username, password } })
    const { token } = understood(() => z.object({ token: z.string().min(1) }).parse(JSON.parse(login)))
    let at: string | null = `${base}/api/hash-list/v2/all${checkpoint ? `?${new URLSearchParams({ after: checkpoint })}` : ''}`
    for (let page = 0; at !== null && page < mostPages; page++) {
      const text: string = await ask(at, { headers: { authorization: `Bearer ${token}` } })
      const read = understood(() => readTat(text))
      yield { rows: read.rows, checkpoint: read.checkpoint }
      at = read.next ? sameHost(read.next, base) : null
    }
  },
}

/** Meta's ThreatExchange: one privacy group. Tombstones are kept for 90 days there; who was away for 85 reads all anew. */
export const threatexchange: Connector = {
  fields: [{ name: 'address', secret: false, kind: 'url', preset: 'https://graph.facebook.com/v21.0' }, { name: 'group', secret: false, kind: 'number' }, { name: 'accessToken', secret: true, kind: 'text' }],
  async *update({ ask, now }, { address = '', group = '' }, { accessToken = '' }, checkpoint) {
    const stale = checkpoint !== null && seconds(now) - Number(checkpoint) > 85 * day
    const base = address.replace(/\/+$/, '')
    const fields = 'id,indicator,type,last_updated,should_delete,tags,status,descriptors{id,reactions,owner{id},tags,status}'
    const query = new URLSearchParams({ access_token: accessToken, limit: '100', fields, ...(checkpoint && !stale ? { start_time: checkpoint } : {}) })
    let at: string | null = `${base}/${group}/threat_updates/?${query}`
    for (let page = 0; at !== null && page < mostPages; page++) {
      const text: string = await ask(at)
      const read = understood(() => readThreatUpdates(text))
      yield { rows: read.rows, checkpoint: read.checkpoint, fresh: stale }
      at = read.next ? sameHost(read.next, base) : null
    }
  },
}

const Hma = z.object({ signals: z.array(z.object({ signal_type: z.string(), signal_val: z.string(), bank: z.string().nullish(), id: z.union([z.string(), z.number()]).nullish(), deleted: z.boolean().nullish() })), next: z.string().nullish(), checkpoint: z.union([z.string(), z.number()]).nullish() })

/**
 * Another community's Hearth, or a hasher-matcher-actioner whose banks are given out as pages of `{ signals: [{ signal_type,
 * signal_val, … }], next, checkpoint }`, with a bearer token.
 */
export const hma: Connector = {
  fields: [{ name: 'address', secret: false, kind: 'url' }, { name: 'token', secret: true, kind: 'text' }],
  async *update({ ask }, { address = '' }, { token = '' }, checkpoint) {
    const begin = new URL(address)
    if (checkpoint) begin.searchParams.set('after', checkpoint)
    let at: string | null = begin.href
    for (let page = 0; at !== null && page < mostPages; page++) {
      const text: string = await ask(at, { headers: { authorization: `Bearer ${token}` } })
      const read = understood(() => Hma.parse(JSON.parse(text)))
      const rows = read.signals.map((one, line): Parsed => {
        const signal = signalNamed(one.signal_type)
        const row: ListedRow | null = signal ? { signal, value: one.signal_val, sourceId: textOr(one.id), withdrawn: one.deleted === true, tags: one.bank ? [one.bank] : [] } : null
        return row ? { line: line + 1, row } : { line: line + 1, reason: 'unknownKind' }
      })
      yield { rows, checkpoint: textOr(read.checkpoint) }
      at = read.next ? sameHost(read.next, address) : null
    }
  },
}
