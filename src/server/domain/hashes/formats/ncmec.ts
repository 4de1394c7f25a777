import { Parser } from 'htmlparser2'
import { signalNamed, timeOf } from './row.ts'
import type { ListedRow, Parsed } from './row.ts'

const most = 50_000
type Entry = { film: boolean; deleted: boolean; member: string; id: string; classification: string; timestamp: string; prints: [string, string][] }

/** What the hash-sharing API of NCMEC (v2) answers: pictures, films and tombstones, and where the next page is. Throws where it isn't such an answer. */
export function readNcmec(text: string): { rows: Parsed[]; next: string | null; checkpoint: string | null } {
  const rows: Parsed[] = []
  let line = 0
  let [next, newest, seen, closed] = ['', '', false, false]
  let entry: Entry | undefined
  const path: string[] = []
  let words = ''
  const parser = new Parser({
    onopentag(name, attributes) {
      path.push(name)
      words = ''
      if (name === 'queryResult') seen = true
      const [, deleted, kind] = /^(deleted)?(image|video)$/i.exec(name) ?? []
      if (kind && path.length === 3) entry = { film: kind.toLowerCase() === 'video', deleted: deleted !== undefined, member: '', id: '', classification: '', timestamp: '', prints: [] }
      if (entry && name === 'member' && path.length === 4) entry.member = attributes['id'] ?? ''
      if ((name === 'images' || name === 'videos') && (attributes['maxTimestamp'] ?? '') > newest) newest = attributes['maxTimestamp']!
    },
    ontext(more) { words += more },
    onclosetag(name, implied) {
      const said = words.trim()
      words = ''
      // What ends too early is closed by the parser.
      if (name === 'queryResult' && !implied) closed = true
      if (name === 'next') next = said
      if (entry && path.length === 4 && name === 'id') entry.id = said
      if (entry && path.length === 4 && name === 'classification') entry.classification = said
      if (entry && path.length === 4 && name === 'timestamp') entry.timestamp = said
      if (entry && path.length === 5 && path[3] === 'fingerprints' && said) entry.prints.push([name.toLowerCase(), said])
      path.pop()
      if (entry && path.length === 2) {
        rows.push(...rowsOf(entry, ++line))
        entry = undefined
        if (rows.length > most) throw new Error('more than one page can hold')
      }
    },
  }, { xmlMode: true, decodeEntities: true })
  parser.end(text)
  if (!seen || !closed) throw new Error('not an answer of the hash-sharing API')
  return { rows, next: next || null, checkpoint: newest || null }
}

function rowsOf(entry: Entry, line: number): Parsed[] {
  const sourceId = `${entry.member}-${entry.id}`.slice(0, 200)
  if (entry.deleted) return [{ line, row: { signal: 'md5', value: '', withdrawn: true, sourceId } }]
  return entry.prints.map(([name, value]): Parsed => {
    const named = signalNamed(name)
    const signal = named === 'md5' && entry.film ? 'video_md5' : named
    if (!signal || (entry.film && signal === 'pdq')) return { line, reason: 'unknownKind' }
    const row: ListedRow = { signal, value, sourceId, tags: entry.classification ? [entry.classification] : [], firstSeen: timeOf(entry.timestamp) ?? null }
    return { line, row }
  })
}
