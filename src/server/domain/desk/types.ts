import type { AccountView, Role } from '#server/domain/accounts/index.ts'
import type { DeskAppeal } from '#server/domain/appeals/index.ts'
import type { CaseLine, CaseWords, Category, Evidence } from '#server/domain/cases/index.ts'
import type { MediaMatch } from '#server/domain/hashes/index.ts'
import type { Act, DecisionView, MemberView, ReportDoor, ReporterRecord, ReportId, ReportState, ReportSubject, Step } from '#server/domain/moderation/index.ts'
import type { PostView } from '#server/domain/posts/index.ts'

/** A kept file as the desk shows it: covered until asked. */
export type KeptMedia = { id: string; kind: 'image' | 'animation' | 'video' | 'audio'; description: string; still: string | null; play: { url: string; mime: string } | null; sha256: string | null; pdq: string | null; matches: MediaMatch[] }
export type DeskPost = Omit<Evidence['posts'][number], 'media'> & { media: KeptMedia[]; now: { state: PostView['state']; text: string; url: string } | null; /** of whom it is, where it isn't of whom the case is about */ author?: Evidence['account'] }
export type DeskReport = { id: ReportId; reporter: AccountView | null; record: ReporterRecord | null; outsider: string | null; category: Category; door: ReportDoor; subjects: ReportSubject[]; law: string; comment: string; addresses: string[]; state: ReportState; createdAt: string }
export type Proposal = { act: Act; reason: string; by: AccountView | null; at: string; mine: boolean }
export type Macro = { id: string; title: string; act: Act | null; ruleId: string | null; text: string; locale: 'en' | 'ar' }

/** One case with everything that helps to decide it. */
export type CaseView = {
  line: CaseLine
  /** why it can't be looked at: a hard category not taken on, or today's share of them is used up */
  closed: 'optIn' | 'limit' | null
  evidence: { takenAt: string; account: Evidence['account'] } | null
  parents: NonNullable<Evidence['parents']>
  posts: DeskPost[]
  replies: PostView[]
  avatars: KeptMedia[]
  reports: DeskReport[]
  member: MemberView | null
  strikes: { weight: number; warned: boolean; step: Step }
  history: DecisionView[]
  similar: DecisionView[]
  decision: DecisionView | null
  /** the decision can still be taken back as a slip */
  mayUndo: boolean
  others: CaseLine[]
  words: CaseWords[]
  appeal: DeskAppeal | null
  proposal: Proposal | null
  mayDecide: Act[]
  /** which rule was said to be broken */
  ruleId: string | null
  staff: { id: string; name: string; username: string; role: Role }[]
  details: Record<string, unknown>
  /** of the sign-up */
  joinReason: string
}
export type Alike = { posts: PostView[]; accounts: { account: AccountView; why: 'invitedBy' | 'invited' | 'sameInviter' | 'name' }[] }
