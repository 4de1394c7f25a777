import { hashActions } from './types.ts'
import type { HashAction, ListRule, Opinion } from './types.ts'

/** What is known about one match when its strength is weighed. */
export type Weighed = {
  rule: Pick<ListRule, 'action' | 'actionMiddle' | 'actionFar' | 'near' | 'middle' | 'distance' | 'opinion'>
  entry: { opinion: Opinion | null; confidence: number | null; judgedRight: number; judgedWrong: number }
  /** null: the same bytes */
  distance: number | null
  /** of the picture that was looked up, 0 … 100; null: the same bytes */
  quality: number | null
  /** one picture of a film that matches a listed picture: little to go by */
  oneOfMany: boolean
}

const certainQuality = 70

export const weaker = (one: HashAction, other: HashAction): HashAction => hashActions.indexOf(one) < hashActions.indexOf(other) ? one : other

/**
 * What a match asks for at most; null where it is none. Near ones get the list's action, those farther away its weaker two.
 * Whatever leaves room for doubt is never stronger than 'hold', so that a person looks: low quality, a single picture of a film,
 * an entry that is disputed, doubted by its source, or was wrong here more often than right. Worth-a-look entries are flagged.
 */
export function strengthOf({ rule, entry, distance, quality, oneOfMany }: Weighed): HashAction | null {
  const opinion = entry.opinion ?? rule.opinion
  if (opinion === 'negative' || (distance !== null && distance > rule.distance)) return null
  const byDistance = distance === null || distance <= rule.near ? rule.action : weaker(rule.action, distance <= rule.middle ? rule.actionMiddle : rule.actionFar)
  if (opinion === 'seed') return weaker(byDistance, 'flag')
  const doubted = opinion === 'disputed' || oneOfMany || (quality !== null && quality < certainQuality)
    || (entry.confidence !== null && entry.confidence < 0.5) || entry.judgedWrong > entry.judgedRight
  return doubted ? weaker(byDistance, 'hold') : byDistance
}

/** Whether this entry is in the part of the list that answers: the same answer for the same key, about `share` of all keys. */
export function inShare(key: Buffer, share: number): boolean {
  if (share >= 1) return true
  let hash = 0x811c9dc5
  for (const byte of key) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 0) / 0x1_0000_0000 < share
}
