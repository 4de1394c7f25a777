import type { App } from '#server/app.ts'
import type { Account, AccountView } from '#server/domain/accounts/index.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { isQuiet } from './quiet.ts'
import { selectDecisionsById } from './queries-decisions.ts'
import { selectReportsById } from './queries-reports.ts'
import { demandStaff } from './staff.ts'
import type { Act, Category, DecisionId, ReportId } from './types.ts'

/** A decision as the person it concerns may know it: never what moderators noted among themselves. */
export type DecisionFacts = { id: DecisionId; act: Act; reason: string; postId: string | null; createdAt: string }
/** A report as a line for moderators. */
export type ReportFacts = { id: ReportId; account: AccountView; category: Category; comment: string; postIds: string[]; ruleId: string | null; open: boolean; createdAt: string; decidedAt: string | null }

/** Of these decisions, those that concern the member. */
export async function decisionFacts(app: App, viewer: Account, ids: string[]): Promise<Map<string, DecisionFacts>> {
  const rows = ids.length ? await selectDecisionsById(app.database.queries, ids.filter(isId)) : []
  return new Map(rows.filter((row) => row.account_id === viewer.id && !isQuiet(row, app.now())).map((row) => [row.id, { id: row.id, act: row.act, reason: row.reason, postId: row.post_id, createdAt: row.created_at.toISOString() }]))
}

/** These reports, for moderators alone. */
export async function reportFacts(app: App, moderator: Account, ids: string[]): Promise<Map<string, ReportFacts>> {
  if (ids.length === 0) return new Map()
  demandStaff(moderator)
  // Nobody learns of a report about themselves.
  const rows = (await selectReportsById(app.database.queries, ids.filter(isId))).filter((row) => row.account_id !== moderator.id)
  const accounts = await accountViews(app, rows.map((row) => row.account_id))
  return new Map(rows.flatMap((row) => {
    const account = accounts.get(row.account_id)
    return account ? [[row.id, {
      id: row.id, account, category: row.category, comment: row.comment, postIds: row.evidence.posts.map((post) => post.id), ruleId: row.rule_id, open: row.state === 'open',
      createdAt: row.created_at.toISOString(), decidedAt: row.decided_at?.toISOString() ?? null,
    }]] : []
  }))
}
