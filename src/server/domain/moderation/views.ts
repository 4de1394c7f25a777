import type { App } from '#server/app.ts'
import type { AccountView } from '#server/domain/accounts/index.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import { categories } from '#server/domain/cases/index.ts'
import { rulesById } from '#server/domain/instance/index.ts'
import { appealEnd, mayBeAppealed } from './appealable.ts'
import type { DecisionRow } from './queries-decisions.ts'
import type { ReportRow } from './queries-reports.ts'
import type { DecisionView, ReportSummary } from './types.ts'

const some = (ids: (string | null)[]) => [...new Set(ids.filter((id) => id !== null))]

/** Decisions with people and rules filled in. For the person concerned: without the moderator and the notes. */
export async function decisionViews(app: App, rows: DecisionRow[], options: { locale: string; forStaff: boolean }): Promise<DecisionView[]> {
  const [people, rules] = await Promise.all([
    accountViews(app, some(rows.flatMap((row) => [row.account_id, row.moderator_id]))),
    rulesById(app, some(rows.map((row) => row.rule_id)), options.locale),
  ])
  return rows.map((row) => ({
    id: row.id, act: row.act, account: people.get(row.account_id) ?? null, moderator: options.forStaff && row.moderator_id ? people.get(row.moderator_id) ?? null : null,
    postId: row.post_id, excerpt: row.excerpt, reportId: options.forStaff ? row.report_id : null, rule: row.rule_id ? rules.get(row.rule_id) ?? null : null, ground: row.ground,
    reason: row.reason, note: options.forStaff ? row.note : '', automated: row.automated, endsAt: row.ends_at?.toISOString() ?? null, reversed: row.reversed_by_id !== null, createdAt: row.created_at.toISOString(),
    caseId: row.case_id, postIds: row.post_ids, category: categories.find((one) => one === row.category) ?? 'other', law: row.law, explanation: row.explanation, label: row.label, territory: row.territory, detectedByMachine: row.detected_by_machine,
    strike: row.strike, strikeEndsAt: row.strike_ends_at?.toISOString() ?? null, purpose: row.purpose, alone: row.alone, appealUntil: mayBeAppealed(row) ? appealEnd(row.created_at).toISOString() : null,
  }))
}

/** Reports as the list shows them; those about accounts that no longer exist are left out. */
export async function reportSummaries(app: App, rows: ReportRow[]): Promise<ReportSummary[]> {
  const people = await accountViews(app, some(rows.flatMap((row) => [row.account_id, row.assigned_to_id])))
  return rows.flatMap((row) => {
    const account = people.get(row.account_id)
    return account ? [summary(row, account, people)] : []
  })
}

export function summary(row: ReportRow, account: AccountView, people: Map<string, AccountView>): ReportSummary {
  const words = row.evidence.posts.map((post) => post.warning || post.text).find(Boolean) ?? row.comment
  return {
    id: row.id, caseId: row.case_id, account, category: row.category, excerpt: [...words].slice(0, 200).join(''), posts: row.evidence.posts.length, state: row.state,
    assignedTo: row.assigned_to_id ? people.get(row.assigned_to_id) ?? null : null, createdAt: row.created_at.toISOString(), decidedAt: row.decided_at?.toISOString() ?? null,
  }
}
