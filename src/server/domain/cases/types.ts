import type { AccountId, AccountView, Role } from '#server/domain/accounts/index.ts'
import type { MediaView } from '#server/domain/media/index.ts'
import type { Audience, PostId } from '#server/domain/posts/index.ts'
import type { Id } from '#server/platform/ids/index.ts'
import type { Category, Clock } from './categories.ts'

export type CaseId = Id<'case'>
export type CaseKind = 'report' | 'hold' | 'appeal' | 'signup' | 'avatar' | 'order' | 'practice'
export type CaseSource = 'report' | 'outside' | 'screening' | 'order' | 'appeal' | 'community' | 'practice'
export type CaseOutcome = 'acted' | 'dismissed' | 'withdrawn'

/** What was there when it came: deleting or editing later hides nothing. */
export type Evidence = {
  takenAt: string
  account: { username: string; name: string; bioHtml: string; avatarUrl: string; role: Role; fields?: { name: string; value: string }[]; coverUrl?: string | null }
  posts: EvidencePost[]
  /** what the posts answer, so that their sense is clear */
  parents?: { id: PostId; authorName: string; text: string; createdAt: string }[]
  /** the same of everybody else whom an order names */
  others?: { account: Evidence['account']; posts: EvidencePost[] }[]
}
export type EvidencePost = {
  id: PostId
  text: string
  html: string
  warning: string
  sensitive: boolean
  audience: Audience
  language: string | null
  createdAt: string
  editedAt: string | null
  replyToId: PostId | null
  media: EvidenceMedia[]
  edits: { text: string; warning: string; createdAt: string }[]
}
/** A file's fingerprints besides how it shows: what was removed can be known again. */
export type EvidenceMedia = MediaView & { sha256?: string | null; md5?: string | null; pdq?: string | null }

/** One line of the desk. `hidden`: a hard case that the moderator has not chosen to see. */
export type CaseLine = {
  id: CaseId
  kind: CaseKind
  source: CaseSource
  category: Category
  account: AccountView | null
  excerpt: string
  summary: string
  posts: number
  reports: number
  severity: number
  clock: Clock
  colour: 'late' | 'soon' | 'fine'
  dueAt: string
  createdAt: string
  claimedBy: AccountView | null
  claimedUntil: string | null
  handedToMe: boolean
  secondWanted: boolean
  state: 'open' | 'decided'
  outcome: CaseOutcome | null
  decidedAt: string | null
  hard: boolean
  /** a trusted flagger said so */
  trusted: boolean
  hidden: boolean
  version: number
}

export type NewCase = {
  source: CaseSource
  /** what it is, when the source doesn't say: a hold of screening, a report, an order */
  kind?: CaseKind
  /** what a second one joins while this is open; by default its first post, or its account */
  subject?: string
  accountId: AccountId | null
  category: Category
  postIds?: PostId[]
  /** whom it is about besides: their evidence is kept as well, and none of them sees the case */
  others?: { accountId: AccountId; postIds: PostId[] }[]
  ruleId?: string | null
  summary?: string
  /** plain data for the desk: matches with their source, say; no secrets */
  details?: Record<string, unknown>
  severity?: 0 | 1 | 2 | 3 | 4
  reach?: number
  record?: number
  clock?: Clock
}
