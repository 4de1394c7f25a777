import type { AccountId, AccountView } from '#server/domain/accounts/index.ts'
import type { CaseId, Category, Evidence } from '#server/domain/cases/index.ts'
import type { RuleView } from '#server/domain/instance/index.ts'
import type { PostId, PostView } from '#server/domain/posts/index.ts'
import type { Id } from '#server/platform/ids/index.ts'

export type ReportId = Id<'report'>
export type DecisionId = Id<'decision'>

export type { Category, Evidence, EvidencePost } from '#server/domain/cases/index.ts'

/** In the order in which the desk offers them: what does nothing, what is about posts, the profile, the account; the mildest first. */
export const acts = [
  'dismiss', 'approve_avatar', 'refuse_avatar', 'remove_post', 'restore_post', 'mark_sensitive', 'unmark_sensitive', 'label', 'unlabel', 'limit_post', 'unlimit_post', 'lock_thread', 'unlock_thread', 'hide_media', 'show_media',
  'hide_links', 'show_links', 'adults_only', 'not_adults_only', 'remove_avatar', 'remove_cover', 'clear_profile', 'warn', 'cool_down', 'stop_media', 'stop_links', 'stop_replies', 'unrestrict', 'limit', 'unlimit', 'suspend', 'unsuspend',
  'freeze', 'unfreeze', 'erase_post', 'delete_account', 'overturn',
] as const
export type Act = (typeof acts)[number]
/** What isn't terrorist content (EU 2021/784, Article 1(3)); 'none' where none of it applies. */
export const purposes = ['none', 'education', 'journalism', 'art', 'research', 'countering', 'debate'] as const
export type Purpose = (typeof purposes)[number]
export type Ground = 'rule' | 'law' | 'none'

/** Which part of an account is meant, besides posts. */
export const subjects = ['post', 'message', 'profile', 'avatar', 'cover'] as const
export type ReportSubject = (typeof subjects)[number]
export const doors = ['rules', 'illegal'] as const
/** rules: it breaks ours · illegal: it breaks the law (DSA, Article 16) */
export type ReportDoor = (typeof doors)[number]
export type ReportDraft = { accountId?: AccountId; postIds?: PostId[]; category: string; ruleId?: string | null; comment?: string; subjects?: string[]; door?: string; law?: string }

export type ReportState = 'open' | 'resolved' | 'dismissed'
export type ReportFilter = 'open' | 'mine' | 'done'
/** One line of the moderators' list. */
export type ReportSummary = {
  id: ReportId
  caseId: CaseId | null
  account: AccountView
  category: Category
  excerpt: string
  posts: number
  state: ReportState
  assignedTo: AccountView | null
  createdAt: string
  decidedAt: string | null
}
/** A report with its context. The reporter is for moderators only. */
export type ReportView = ReportSummary & {
  reporter: AccountView | null
  rule: RuleView | null
  comment: string
  evidence: Evidence
  /** the reported posts as they are now, deleted ones too */
  postsNow: PostView[]
  /** what the reported posts answer */
  parents: PostView[]
  history: DecisionView[]
  /** reports about the same account, this one included */
  reportsCount: number
  /** which of them led to something */
  upheldCount: number
  /** how many reports of this reporter led to something, of how many that were decided */
  reporterRecord: { upheld: number; decided: number } | null
  mayDecide: Act[]
}

export type DecisionDraft = {
  act: string; reason?: string; note?: string; ruleId?: string | null; ground?: string; postId?: PostId | null; endsAt?: Date | null
  /** several posts at once; all of the case's when left out with `postId` */
  postIds?: PostId[]
  category?: string
  /** the law's name and article, where it stands on the law */
  law?: string
  /** why the rule or the law applies */
  explanation?: string
  /** the same facts without personal data, for the public record; made from the act where left out */
  facts?: string
  /** what a label says */
  label?: string
  /** two-letter countries where it holds; everywhere when left out */
  territory?: string[]
  /** how much it counts; the act's own weight when left out */
  strike?: number
  /** of terrorist content: which of the protected purposes was considered (EU 2021/784, Article 1(3)) */
  purpose?: string
  /** of the case, as the moderator saw it: refused when somebody was quicker */
  version?: number
}
/** A decision, which is at the same time the statement of reasons. */
export type DecisionView = {
  id: DecisionId
  act: Act
  account: AccountView | null
  moderator: AccountView | null
  postId: PostId | null
  /** the beginning of the post's words, for the person who wrote it */
  excerpt: string
  reportId: ReportId | null
  rule: RuleView | null
  ground: Ground
  reason: string
  /** among moderators; empty for everybody else */
  note: string
  automated: boolean
  endsAt: string | null
  reversed: boolean
  createdAt: string
  caseId: CaseId | null
  postIds: PostId[]
  category: Category
  law: string
  explanation: string
  /** what a label says */
  label: string
  /** countries; empty: everywhere */
  territory: string[]
  /** a machine noticed it */
  detectedByMachine: boolean
  /** how much it counts while it counts, and until when */
  strike: number
  strikeEndsAt: string | null
  /** whether it served education, journalism, art, research, countering or debate, where that was asked; null where not */
  purpose: Purpose | null
  /** nobody else was there for the second look */
  alone: boolean
  /** until then one may object; null where there is nothing to object to */
  appealUntil: string | null
}
