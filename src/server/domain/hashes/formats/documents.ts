import { z } from 'zod'
import type { Opinion, SignalType } from '../types.ts'
import { signalNamed, tagsOf, textOr, timeOf } from './row.ts'
import type { ListedRow, Parsed } from './row.ts'

/** A whole answer of another machine; throws where it isn't in the shape that is documented. */
export type DocumentReader = (text: string) => Parsed[]

const numbered = (rows: (ListedRow | null)[]): Parsed[] => rows.map((row, at) => row ? { line: at + 1, row } : { line: at + 1, reason: 'unknownKind' as const })

const StopNcii = z.object({
  hashRecords: z.array(z.object({
    lastModtimestamp: z.number().optional(), signalType: z.string(), hashValue: z.string(), hashStatus: z.string().optional(), caseNumbers: z.record(z.string(), z.string()).nullish(),
    CSPFeedbacks: z.array(z.object({ feedbackValue: z.string(), tags: z.array(z.string()).nullish(), source: z.string().nullish() })).nullish(),
  })),
  nextPageToken: z.string().nullish(), nextSetTimestamp: z.number().nullish(), hasMoreRecords: z.boolean().nullish(),
})
const gone = new Set(['Withdrawn', 'Deleted'])

/** An answer of StopNCII's FetchHashes. Withdrawn and deleted ones are to be forgotten. */
export function readStopNcii(text: string): { rows: Parsed[]; next: string | null; checkpoint: string | null } {
  const page = StopNcii.parse(JSON.parse(text))
  const rows = page.hashRecords.map((one): ListedRow | null => {
    const signal = { ImagePDQ: 'pdq', VideoMD5: 'video_md5', VideoTMK: 'tmk' }[one.signalType] as SignalType | undefined
    if (!signal) return null
    const feedbacks = one.CSPFeedbacks ?? []
    const said = new Set(feedbacks.map((feedback) => feedback.feedbackValue).filter((value) => value === 'Blocked' || value === 'NotBlocked'))
    const opinion: Opinion | null = said.size === 2 ? 'disputed' : null
    return { signal, value: one.hashValue, withdrawn: gone.has(one.hashStatus ?? ''), opinion, tags: tagsOf(feedbacks.flatMap((feedback) => feedback.tags ?? [])), firstSeen: one.lastModtimestamp ? timeOf(String(one.lastModtimestamp)) ?? null : null }
  })
  return { rows: numbered(rows), next: page.hasMoreRecords ? page.nextPageToken ?? null : null, checkpoint: textOr(page.nextSetTimestamp) }
}

const Tat = z.object({
  results: z.array(z.object({ hash_digest: z.string(), algorithm: z.string(), ideology: z.string().nullish(), file_type: z.string().nullish(), deleted: z.boolean().nullish(), updated_on: z.union([z.number(), z.string()]).nullish(), id: z.union([z.number(), z.string()]).nullish() })),
  next: z.string().nullish(), checkpoint: z.string().nullish(),
})
const films = new Set(['mov', 'm4v', 'mp4', 'webm'])

/** An answer of Tech Against Terrorism's hash list (v2): PDQ, and MD5 of films and pictures. */
export function readTat(text: string): { rows: Parsed[]; next: string | null; checkpoint: string | null } {
  const page = Tat.parse(JSON.parse(text))
  const rows = page.results.map((one): ListedRow | null => {
    const named = signalNamed(one.algorithm)
    if (!named || !['pdq', 'md5', 'sha1', 'sha256'].includes(named)) return null
    const signal = named === 'md5' && films.has((one.file_type ?? '').toLowerCase()) ? 'video_md5' : named
    return { signal, value: one.hash_digest, withdrawn: one.deleted === true, sourceId: textOr(one.id), tags: tagsOf([one.ideology ?? '']), firstSeen: timeOf(textOr(one.updated_on) ?? '') ?? null }
  })
  return { rows: numbered(rows), next: page.next ?? null, checkpoint: page.checkpoint ?? null }
}

const Tags = z.union([z.array(z.string()), z.object({ data: z.array(z.object({ text: z.string() })) })]).nullish()
const Exchange = z.object({
  data: z.array(z.object({
    id: z.union([z.string(), z.number()]).nullish(), indicator: z.string().nullish(), type: z.string().nullish(), last_updated: z.union([z.number(), z.string()]).nullish(), should_delete: z.boolean().nullish(),
    tags: Tags, status: z.string().nullish(), descriptors: z.object({ data: z.array(z.object({ status: z.string().nullish(), tags: Tags, reactions: z.array(z.object({ key: z.string(), value: z.string() })).nullish() })) }).nullish(),
  })),
  paging: z.object({ next: z.string().nullish() }).nullish(),
})
const exchangeKinds: Record<string, SignalType> = { HASH_PDQ: 'pdq', HASH_MD5: 'md5', HASH_VIDEO_MD5: 'video_md5', HASH_SHA256: 'sha256', HASH_SHA1: 'sha1', HASH_TMK: 'tmk', HASH_VPDQ: 'vpdq' }
const textsOf = (tags: z.infer<typeof Tags>) => (Array.isArray(tags) ? tags : tags?.data.map((tag) => tag.text) ?? [])

/** An answer of ThreatExchange's threat_updates: updates and tombstones, with what the members of the group think of each. */
export function readThreatUpdates(text: string): { rows: Parsed[]; next: string | null; checkpoint: string | null } {
  const page = Exchange.parse(JSON.parse(text))
  let newest = 0
  const rows = page.data.map((one): ListedRow | null => {
    newest = Math.max(newest, Number(one.last_updated ?? 0) || 0)
    const descriptors = one.descriptors?.data ?? []
    const tags = tagsOf([...textsOf(one.tags), ...descriptors.flatMap((descriptor) => textsOf(descriptor.tags))])
    const kind = exchangeKinds[one.type ?? '']
    const signal = kind === 'md5' && tags.includes('media_type_video') ? 'video_md5' : kind
    const sourceId = textOr(one.id)
    // Tombstones may come without descriptors instead of being marked (ThreatExchange#834), and without their value.
    if (one.should_delete || (!one.descriptors && !one.status)) return sourceId && !one.indicator ? { signal: 'md5', value: '', withdrawn: true, sourceId } : signal ? { signal, value: one.indicator ?? '', withdrawn: true, sourceId } : null
    if (!signal) return null
    const said = [...descriptors.map((descriptor) => descriptor.status ?? 'UNKNOWN'), ...(descriptors.length ? [] : [one.status ?? 'UNKNOWN'])]
    return { signal, value: one.indicator ?? '', sourceId, tags, opinion: together(said), withdrawn: false }
  })
  return { rows: numbered(rows), next: page.paging?.next ?? null, checkpoint: newest ? String(newest) : null }
}

/** Those who say yes and those who say no disagree; who says neither thinks it worth a look. */
function together(said: string[]): Opinion {
  const [yes, no] = [said.includes('MALICIOUS'), said.includes('NON_MALICIOUS')]
  return yes && no ? 'disputed' : yes ? 'positive' : no ? 'negative' : 'seed'
}

/** One film: an array of `hash,quality,timestamp`. */
export const readFilmDocument: DocumentReader = (text) => [{ line: 1, row: { signal: 'vpdq', value: text } }]
