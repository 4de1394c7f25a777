import type { AccountView } from '#server/domain/accounts/index.ts'
import type { CaseId } from '#server/domain/cases/index.ts'
import type { Act, DecisionId, DecisionView, ReportId } from '#server/domain/moderation/index.ts'
import type { Id } from '#server/platform/ids/index.ts'

export type AppealId = Id<'appeal'>
export type AppealState = 'open' | 'upheld' | 'overturned' | 'partly' | 'withdrawn'
/** An objection as whoever made it sees it. */
export type AppealView = { id: AppealId; state: AppealState; text: string; answer: string; /** decided by who decided first, as there is nobody else */ alone: boolean; createdAt: string; decidedAt: string | null }
/** The same on the desk. */
export type DeskAppeal = AppealView & { caseId: CaseId; by: AccountView | null; decision: DecisionView | null; reportId: ReportId | null; decisionId: DecisionId | null; /** this moderator decided first, and somebody else could look */ notYours: boolean; /** what could take the decision's place */ milder: Act[] }
