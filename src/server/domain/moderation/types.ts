import type { AccountId, AccountView, Role } from '#server/domain/accounts/index.ts'
import type { RuleView } from '#server/domain/instance/index.ts'
import type { MediaView } from '#server/domain/media/index.ts'
import type { Audience, PostId, PostView } from '#server/domain/posts/index.ts'
import type { Id } from '#server/platform/ids/index.ts'

export type ReportId = Id<'report'>
export type DecisionId = Id<'decision'>

/** What a report says is wrong; the hardest first, for the list's order. */
export const categories = ['child_safety', 'terrorism', 'intimate_images', 'self_harm', 'violence', 'hatred', 'harassment', 'privacy', 'impersonation', 'sexual', 'illegal_goods', 'copyright', 'spam', 'misinformation', 'rule', 'other'] as const
export type Category = (typeof categories)[number]

export const acts = ['dismiss', 'remove_post', 'restore_post', 'mark_sensitive', 'warn', 'limit', 'unlimit', 'suspend', 'unsuspend', 'remove_avatar', 'approve_avatar', 'refuse_avatar'] as const
export type Act = (typeof acts)[number]
export type Ground = 'rule' | 'law' | 'none'

export type ReportDraft = { accountId?: AccountId; postIds?: PostId[]; category: string; ruleId?: string | null; comment?: string }

/** What was there when it was reported: deleting or editing later hides nothing. */
export type Evidence = {
  takenAt: string
  account: { username: string; name: string; bioHtml: string; avatarUrl: string; role: Role }
  posts: EvidencePost[]
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
  media: MediaView[]
  edits: { text: string; warning: string; createdAt: string }[]
}

export type ReportState = 'open' | 'resolved' | 'dismissed'
export type ReportFilter = 'open' | 'mine' | 'done'
/** One line of the moderators' list. */
export type ReportSummary = {
  id: ReportId
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

export type DecisionDraft = { act: string; reason?: string; note?: string; ruleId?: string | null; ground?: string; postId?: PostId | null; endsAt?: Date | null }
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
}
