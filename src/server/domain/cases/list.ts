import type { App } from '#server/app.ts'
import type { Account, AccountView } from '#server/domain/accounts/index.ts'
import { accountViews, findAccount } from '#server/domain/accounts/index.ts'
import { tellMany } from '#server/domain/notifications/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { categories, categoryFacts, categoryTree } from './categories.ts'
import type { CategoryGroup } from './categories.ts'
import { clockMinutes } from './clocks.ts'
import { habitsOf, takesOn } from './habits.ts'
import type { Habits } from './habits.ts'
import { clockColour } from './priority.ts'
import { isAbout, selectCase } from './queries.ts'
import { selectActiveStaff } from './queries-claim.ts'
import { reconcile, selectCounts, selectDone, selectLines, selectQueue, takeAlarms } from './queries-list.ts'
import type { CountRow, LineRow } from './queries-list.ts'
import { demandStaff } from './staff.ts'
import type { CaseKind, CaseLine } from './types.ts'

export type QueueAsk = { kind?: string | null; group?: string | null; mine?: boolean; done?: boolean; /** from the page before: where it ended */ from?: string | null; limit?: number }
export type Queue = { items: CaseLine[]; next: string | null }
/** What stands on the desk. Sign-up requests and new profile pictures get here on their own. */
export const deskKinds: CaseKind[] = ['report', 'hold', 'appeal', 'order', 'signup', 'avatar']
const usual = 40

/** The desk: what is most urgent first, or what was decided, the newest first. Pages go on from `next`, in the order of the first page's moment. */
export async function deskQueue(app: App, moderator: Account, ask: QueueAsk = {}): Promise<Queue> {
  demandStaff(moderator)
  const habits = await habitsOf(app, moderator)
  const limit = Math.min(80, Math.max(1, ask.limit ?? usual))
  if (ask.done) {
    const rows = await selectDone(app.database.queries, moderator.id, [...deskKinds, 'practice'], isId(ask.from) ? ask.from : null, limit + 1)
    return { items: await caseLines(app, moderator, rows.slice(0, limit), habits), next: rows.length > limit ? rows[limit - 1]!.id : null }
  }
  const from = /^(\d{10,16})_(\d+(?:\.\d+)?(?:e[+-]?\d+)?)_(\d{1,19})$/.exec(ask.from ?? '')
  const at = from ? new Date(Number(from[1])) : app.now()
  const kind = [...deskKinds, 'practice' as const].find((one) => one === ask.kind) ?? null
  const group = categoryTree().find((one) => one.group === (ask.group as CategoryGroup))
  const filter = { viewer: moderator.id, kind, kinds: kind === 'practice' ? ['practice' as const] : deskKinds, mine: ask.mine ? moderator.id : null, categories: group?.categories ?? null }
  const rows = await selectQueue(app.database.queries, filter, at, from ? { score: Number(from[2]), id: from[3]! } : null, limit + 1)
  const last = rows[limit - 1]
  return { items: await caseLines(app, moderator, rows.slice(0, limit), habits), next: rows.length > limit && last ? `${at.getTime()}_${last.score}_${last.id}` : null }
}

/** How much of each kind waits, and how much of it too long. */
export async function deskCounts(app: App, moderator: Account): Promise<CountRow[]> {
  demandStaff(moderator)
  return selectCounts(app.database.queries, moderator.id, app.now())
}

/** Job, and before the desk is shown: what waits in other rooms has its place here. */
export async function tidyDesk(app: App): Promise<void> {
  await app.database.inTransaction(async (tx) => reconcile(tx, () => app.newId(), app.now(), (await clockMinutes(tx)).welcome))
}

/** Job: those who moderate hear, once, that a case runs out of its time and nobody is on it. */
export async function alarmDesk(app: App): Promise<void> {
  await app.database.inTransaction(async (tx) => { for (const caseId of await takeAlarms(tx, app.now())) await app.record(tx, { type: 'case.late', caseId }) })
}

/** Event: everybody who could act hears of it, but for whom it is about, and of hard things those who took them on. Safe to run twice. */
export async function tellOfLate(app: App, caseId: string): Promise<void> {
  const row = await selectCase(app.database.queries, caseId)
  if (row?.state !== 'open') return
  const staff = (await selectActiveStaff(app.database.queries)).filter((one) => !isAbout(row, one.id))
  const takers = await Promise.all(staff.map(async (one) => { const account = await findAccount(app, one.id); return account && takesOn(await habitsOf(app, account), row.category) ? [one.id] : [] }))
  // Where nobody took it on, all hear: somebody has to.
  const to = takers.flat().length ? takers.flat() : staff.map((one) => one.id)
  await tellMany(app, to.map((id) => ({ to: id, kind: 'report', data: { caseId, words: 'late' }, group: `case-late:${caseId}` })))
}

/** These cases as lines, in this order; unknown ids are left out. */
export async function caseLinesById(app: App, moderator: Account, ids: string[]): Promise<CaseLine[]> {
  demandStaff(moderator)
  const rows = ids.length ? await selectLines(app.database.queries, moderator.id, ids) : []
  const byId = new Map((await caseLines(app, moderator, rows, await habitsOf(app, moderator))).map((one) => [one.id, one]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/** What this moderator might look at next: the most urgent that nobody is on, that they take on, and that isn't `after`. */
export async function nextCase(app: App, moderator: Account, after: string | null): Promise<string | null> {
  const { items } = await deskQueue(app, moderator, { limit: 80 })
  return items.find((one) => !one.hidden && one.id !== after && (!one.claimedBy || one.claimedBy.id === moderator.id))?.id ?? null
}

/** Rows as lines. What the moderator hasn't chosen to see has neither words nor a name. */
async function caseLines(app: App, moderator: Account, rows: LineRow[], habits: Habits): Promise<CaseLine[]> {
  const people = await accountViews(app, [...new Set(rows.flatMap((row) => [row.account_id, row.claimed_by_id].filter((id) => id !== null)))])
  return rows.map((row) => lineOf(row, people, moderator, habits, app.now()))
}

function lineOf(row: LineRow, people: Map<string, AccountView>, moderator: Account, habits: Habits, now: Date): CaseLine {
  const claimed = row.claimed_until !== null && row.claimed_until > now
  const hidden = !takesOn(habits, row.category)
  return {
    id: row.id, kind: row.kind, source: row.source, category: categories.find((one) => one === row.category) ?? 'other', account: hidden || !row.account_id ? null : people.get(row.account_id) ?? null,
    excerpt: hidden ? '' : row.excerpt, summary: hidden ? '' : row.summary, posts: row.posts, reports: row.reports_count, severity: row.severity, clock: row.clock,
    colour: row.state === 'open' ? clockColour(row.created_at, row.due_at, now) : 'fine', dueAt: row.due_at.toISOString(), createdAt: row.created_at.toISOString(),
    claimedBy: claimed && row.claimed_by_id ? people.get(row.claimed_by_id) ?? null : null, claimedUntil: claimed ? row.claimed_until!.toISOString() : null, handedToMe: row.handed_to_id === moderator.id,
    secondWanted: row.proposed_by_id !== null && row.proposed_by_id !== moderator.id, state: row.state, outcome: row.outcome, decidedAt: row.decided_at?.toISOString() ?? null,
    hard: categoryFacts(row.category).hard, hidden, version: row.version, trusted: row.trusted,
  }
}
