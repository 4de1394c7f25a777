import type { Id } from '#server/platform/ids/index.ts'

export type ListId = Id<'hash list'>

/** Where a list comes from. 'own' is what moderators of this community chose, 'test' what the self-test uses, 'file' what was imported by hand. */
export const sources = ['own', 'test', 'file', 'ncmec', 'stopncii', 'tat', 'threatexchange', 'hma'] as const
export type Source = (typeof sources)[number]
export const listCategories = ['terrorism', 'child_safety', 'intimate_images', 'violence', 'hate', 'spam', 'other', 'test'] as const
export type ListCategory = (typeof listCategories)[number]
/** What should be done about a match, from the weakest to the strongest. Screening does it; this room only says so. */
export const hashActions = ['log', 'flag', 'hold', 'quarantine'] as const
export type HashAction = (typeof hashActions)[number]
/** What those who keep a list think of an entry: what is looked for, worth a look, not what is looked for, or they disagree. */
export const opinions = ['positive', 'seed', 'negative', 'disputed'] as const
export type Opinion = (typeof opinions)[number]
/** Kinds of fingerprints that are kept. TMK is kept and given on, but nothing is compared with it. */
export const signals = ['pdq', 'md5', 'sha256', 'sha1', 'video_md5', 'vpdq', 'tmk'] as const
export type SignalType = (typeof signals)[number]
export const comparedSignals: readonly SignalType[] = ['pdq', 'md5', 'sha256', 'sha1', 'video_md5', 'vpdq']

/** How a list answers, by how near a picture is. Distances are bits of 256. */
export type ListRule = {
  opinion: Opinion
  enabled: boolean
  /** 0 … 1: which part of its entries answers; the same ones each time */
  enabledShare: number
  action: HashAction
  actionMiddle: HashAction
  actionFar: HashAction
  near: number
  middle: number
  distance: number
  /** 0 … 1: which part of a film's pictures must match */
  frameShare: number
}

export type HashList = ListRule & {
  id: ListId
  name: string
  source: Source
  category: ListCategory
  /** 0 … 4 */
  severity: number
}

/** A listed fingerprint that one media item has, or nearly has. */
export type MediaMatch = {
  id: string
  mediaId: string
  entryId: string
  list: { id: ListId; name: string; source: Source; category: ListCategory }
  /** 0 … 4, the entry's own or the list's */
  severity: number
  /** what the list wants at most, after distance, quality, opinion and confidence are weighed */
  action: HashAction
  signal: SignalType
  /** bits of 256; null where the bytes are the same */
  distance: number | null
  /** how the picture was held when it was found: 'upright', 'rotate90', …; null where the bytes are the same */
  turn: string | null
  /** 0 … 1 of a film's pictures; null for everything else */
  frameShare: number | null
  bySweep: boolean
  judged: 'right' | 'wrong' | null
  foundAt: string
}
