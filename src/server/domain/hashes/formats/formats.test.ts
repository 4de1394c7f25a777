import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readValue } from '../values.ts'
import { csvFields } from '#server/platform/text/csv.ts'
import { csvReader, jsonLineReader, plainReader } from './lines.ts'
import { formatOf, readNcmec, readStopNcii, readTat, readThreatUpdates } from './index.ts'

// Values by chance: of nothing that exists.
const hex = (bytes: number) => randomBytes(bytes).toString('hex')
const [pdq, md5, sha256] = [hex(32), hex(16), hex(32)]

test('the neutral CSV and the one of the exchange are read by their headings', () => {
  const own = csvReader()
  expect(own('signal_type,signal_value,quality,bank,category,severity,opinion,tags,source,source_id,first_seen,withdrawn_at', 1)).toBeNull()
  expect(own(`PDQ,${pdq.toUpperCase()},88,Bank,terrorism,severe,positive,"grey triangle|mark",file,7,2026-01-02T03:04:05Z,`, 2)).toEqual({ line: 2, row: {
    signal: 'pdq', value: pdq.toUpperCase(), quality: 88, confidence: null, severity: 4, opinion: 'positive', firstSeen: new Date('2026-01-02T03:04:05Z'), expiresAt: null, withdrawn: false, tags: ['grey', 'triangle', 'mark'], sourceId: '7' } })
  expect(own(`md5,${md5},,,,,,,,,,2026-02-02`, 3)).toMatchObject({ row: { withdrawn: true } })
  expect(own(`md5,${md5},abc,,,,,,,,,`, 4)).toEqual({ line: 4, reason: 'badField' })
  expect(own(`photodna,${md5},,,,,,,,,,`, 5)).toEqual({ line: 5, reason: 'unknownKind' })
  expect(own('md5,"open', 6)).toEqual({ line: 6, reason: 'badLine' })
  const exchange = csvReader()
  exchange('signal_type,signal_str,collab,category,tags', 1)
  expect(exchange(`video_md5,${md5},Collab,INVESTIGATION_SEED,one two`, 2)).toMatchObject({ row: { signal: 'video_md5', opinion: 'seed', tags: ['one', 'two'] } })
})

test('plain lines, JSON lines and films in both shapes are read', () => {
  const plain = plainReader()
  expect(plain(`pdq ${pdq}`, 1)).toMatchObject({ row: { signal: 'pdq', value: pdq } })
  expect(plain(md5, 2)).toMatchObject({ row: { signal: 'md5' } })
  expect(plain('# heading', 3)).toBeNull()
  expect(plain('nonsense', 4)).toEqual({ line: 4, reason: 'badLine' })
  const film = [`${pdq},90,0.000`, `${sha256},40,1.000`]
  expect(jsonLineReader()(JSON.stringify({ signal_type: 'vpdq', signal_value: film, tags: ['a'], confidence: 0.5 }), 1)).toMatchObject({ row: { signal: 'vpdq', value: JSON.stringify(film), tags: ['a'], confidence: 0.5 } })
  expect(jsonLineReader()('{', 9)).toEqual({ line: 9, reason: 'badLine' })
  // Of the two pictures only one has something to see.
  for (const text of [JSON.stringify(film), `0,90,${pdq},0.000\n1,40,${sha256},1.000\n`, JSON.stringify([`0,90,${pdq},0.000`])]) expect(readValue('vpdq', text)).toMatchObject({ frames: [Buffer.from(pdq, 'hex')], quality: 90 })
  expect(readValue('vpdq', JSON.stringify([`${sha256},40,0`]))).toBe('noFrames')
})

test('what is of nothing, plain or no hash at all is refused', () => {
  expect(readValue('pdq', '0'.repeat(64))).toBe('degenerate')
  expect(readValue('pdq', 'f'.repeat(64))).toBe('degenerate')
  expect(readValue('pdq', '0f0f'.repeat(16))).toBe('degenerate')
  expect(readValue('pdq', `${'0'.repeat(63)}1`)).toBe('degenerate')
  expect(readValue('md5', 'd41d8cd98f00b204e9800998ecf8427e')).toBe('emptyFile')
  expect(readValue('sha256', 'E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855')).toBe('emptyFile')
  expect(readValue('md5', 'a'.repeat(32))).toBe('degenerate')
  expect(readValue('md5', pdq)).toBe('notHex')
  expect(readValue('pdq', ` ${pdq.toUpperCase()} `)).toMatchObject({ key: Buffer.from(pdq, 'hex') })
})

test('NCMEC’s answers are read: pictures, films, tombstones, and where it goes on', () => {
  const xml = `<?xml version="1.0"?><queryResult xmlns="https://hashsharing.ncmec.org/hashsharing/v2"><images count="2" maxTimestamp="2026-01-24T15:10:00Z"><image><member id="42">Example Member</member>
    <timestamp>2026-01-24T15:00:00Z</timestamp><id>image1</id><classification>A1</classification><fingerprints><md5>${md5}</md5><pdna>b64...</pdna><pdq>${pdq}</pdq></fingerprints>
    <feedback lastUpdateTimestamp="2026-06-01T12:48:14Z"><affirmativeFeedback type="Md5"><members><member id="9">Other</member></members></affirmativeFeedback></feedback></image>
    <deletedImage><member id="43">Example</member><id>image4</id><timestamp>2026-01-24T15:10:00Z</timestamp></deletedImage></images>
    <videos count="1" maxTimestamp="2026-01-25T00:00:00Z"><video><member id="42">E</member><timestamp>2026-01-24T15:00:00Z</timestamp><id>v</id><fingerprints><md5>${md5}</md5><tmk-pdqf rel="self" href="/x"/></fingerprints></video></videos>
    <paging><next>/v2/entries?from=a&amp;start=2001&amp;size=1000&amp;max=3000</next></paging></queryResult>`
  const { rows, next, checkpoint } = readNcmec(xml)
  expect(next).toBe('/v2/entries?from=a&start=2001&size=1000&max=3000')
  expect(checkpoint).toBe('2026-01-25T00:00:00Z')
  expect(rows).toEqual([
    { line: 1, row: { signal: 'md5', value: md5, sourceId: '42-image1', tags: ['A1'], firstSeen: new Date('2026-01-24T15:00:00Z') } },
    { line: 1, reason: 'unknownKind' },
    { line: 1, row: { signal: 'pdq', value: pdq, sourceId: '42-image1', tags: ['A1'], firstSeen: new Date('2026-01-24T15:00:00Z') } },
    { line: 2, row: { signal: 'md5', value: '', withdrawn: true, sourceId: '43-image4' } },
    { line: 3, row: { signal: 'video_md5', value: md5, sourceId: '42-v', tags: [], firstSeen: new Date('2026-01-24T15:00:00Z') } },
  ])
  expect(() => readNcmec(xml.slice(0, -20))).toThrow()
  expect(() => readNcmec('<html></html>')).toThrow()
})

test('StopNCII’s, Tech Against Terrorism’s and ThreatExchange’s answers are read, with what was withdrawn', () => {
  const ncii = readStopNcii(JSON.stringify({ count: 3, nextPageToken: 'p2', nextSetTimestamp: 1_700_000_000, hasMoreRecords: true, hashRecords: [
    { lastModtimestamp: 1_700_000_000, signalType: 'ImagePDQ', hashValue: pdq, hashStatus: 'Active', caseNumbers: { c1: 'Active' }, CSPFeedbacks: [{ feedbackValue: 'Blocked', tags: ['x'], source: 'one' }, { feedbackValue: 'NotBlocked', tags: [], source: 'two' }] },
    { lastModtimestamp: 1_700_000_000, signalType: 'VideoMD5', hashValue: md5, hashStatus: 'Withdrawn', caseNumbers: {} },
    { lastModtimestamp: 1_700_000_000, signalType: 'Text', hashValue: 'words', hashStatus: 'Active', caseNumbers: {} }] }))
  expect([ncii.next, ncii.checkpoint]).toEqual(['p2', '1700000000'])
  expect(ncii.rows).toMatchObject([{ row: { signal: 'pdq', withdrawn: false, opinion: 'disputed', tags: ['x'] } }, { row: { signal: 'video_md5', withdrawn: true } }, { reason: 'unknownKind' }])

  const tat = readTat(JSON.stringify({ count: 3, next: 'https://list.example/next', checkpoint: '1724856487.7,10594', results: [
    { hash_digest: md5, algorithm: 'MD5', ideology: 'grey', file_type: 'mp4', deleted: false, updated_on: 1_704_901_040.2, id: 1 },
    { hash_digest: md5, algorithm: 'MD5', ideology: 'grey', file_type: 'jpg', deleted: true, updated_on: 1_704_901_040.2, id: 2 }, { hash_digest: pdq, algorithm: 'PDQ', file_type: 'gif', deleted: false, id: 3 }] }))
  expect(tat.checkpoint).toBe('1724856487.7,10594')
  expect(tat.rows).toMatchObject([{ row: { signal: 'video_md5', sourceId: '1', tags: ['grey'] } }, { row: { signal: 'md5', withdrawn: true } }, { row: { signal: 'pdq' } }])

  const updates = readThreatUpdates(JSON.stringify({ data: [
    { id: '1', indicator: pdq, type: 'HASH_PDQ', last_updated: 1_600_000_001, should_delete: false, descriptors: { data: [{ id: '5', status: 'MALICIOUS', tags: ['a'], owner: { id: '9' } }, { id: '6', status: 'NON_MALICIOUS', owner: { id: '8' } }] } },
    { id: '2', indicator: md5, type: 'HASH_MD5', last_updated: 1_600_000_000, should_delete: false, descriptors: { data: [{ id: '7', status: 'UNKNOWN', tags: { data: [{ text: 'media_type_video' }] } }] } },
    { id: '3', last_updated: 1_600_000_000, should_delete: true }, { id: '4', indicator: md5, type: 'HASH_MD5', last_updated: 1, should_delete: false }, { id: '5', indicator: 'https://x.example', type: 'URI', last_updated: 1, status: 'MALICIOUS' }],
  paging: { next: 'https://graph.example/next' } }))
  expect([updates.next, updates.checkpoint]).toEqual(['https://graph.example/next', '1600000001'])
  expect(updates.rows).toMatchObject([{ row: { opinion: 'disputed' } }, { row: { signal: 'video_md5', opinion: 'seed' } }, { row: { value: '', withdrawn: true, sourceId: '3' } }, { row: { withdrawn: true, signal: 'md5' } }, { reason: 'unknownKind' }])
})

test('the format is known by a file’s first words', () => {
  const beginnings = { [`signal_type,signal_value,quality\npdq,${pdq}`]: 'csv', 'signal_type,signal_str,collab': 'csv', [`pdq ${pdq}\n`]: 'lines', [md5]: 'lines', [`{"signal_type":"pdq","signal_value":"${pdq}"}\n`]: 'jsonl',
    '{"count":1,"hashRecords":[]}': 'stopncii', '{"results":[{"hash_digest":"x"}]}': 'tat', '{"data":[{"indicator":"x"}]}': 'threatexchange', '<?xml version="1.0"?><queryResult>': 'ncmec', [`["${pdq},90,0.0"]`]: 'vpdq', [`0,90,${pdq},0.0\n`]: 'vpdq' }
  for (const [text, format] of Object.entries(beginnings)) expect(formatOf(text), text).toBe(format)
  for (const text of ['', '{}', '<html>', 'hello', '%PDF-1.4']) expect(formatOf(text), text).toBeUndefined()
})

test('nothing that a file may say makes a reader fall over', () => {
  const readers = [csvReader(), plainReader(), jsonLineReader()]
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ maxLength: 30 }), (line, beginning) => {
    for (const reader of readers) reader(beginning + line, 1)
    csvFields(line)
    formatOf(line)
  }))
})
