import type { App } from '#server/app.ts'
import type { Account, AccountId } from '#server/domain/accounts/index.ts'
import { demandStaff } from '#server/domain/cases/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { earned, levelOf } from './level.ts'
import { selectBranchUntil, selectDecided, selectDue, selectFacts, writeBranch, writeHeld, writeLevels } from './queries.ts'
import type { FactsRow } from './queries.ts'
import { trustSettings } from './settings.ts'
import type { Level, TrustFacts, TrustView } from './types.ts'

const day = 86_400_000
const keptFor = 6 * 3_600_000
const batch = 500

/** How far a member is trusted. What was looked up lately is believed, but for the newest: nobody is kept small by an old look. */
export async function trustLevel(app: App, accountId: AccountId): Promise<Level> {
  const now = app.now()
  const believedSince = new Date(now.getTime() - keptFor)
  const [row] = await selectFacts(app.database.queries, [accountId], now, believedSince)
  if (!row) return 0
  if (row.pinned !== null) return row.pinned
  if (row.role !== 'member') return 4
  if (row.held_until && row.held_until > now) return 0
  if (row.level !== null && row.level > 1 && row.state !== 'limited' && row.checked_at && row.checked_at > believedSince) return row.level
  return (await keepLevels(app, [row], now)).get(accountId) ?? 0
}

/** Looks at these members anew and keeps what came of it. Safe at any time, any number of times. */
export async function lookAgain(app: App, ids: AccountId[]): Promise<Map<AccountId, Level>> {
  if (ids.length === 0) return new Map()
  const now = app.now()
  return keepLevels(app, await selectFacts(app.database.queries, ids, now), now)
}

async function keepLevels(app: App, rows: FactsRow[], now: Date): Promise<Map<AccountId, Level>> {
  const settings = await trustSettings(app)
  const found = rows.map((row) => ({ id: row.id, level: levelOf(factsOf(row, now), settings, now).level, before: row.level, at: row.checked_at?.getTime() ?? 0 }))
  await writeLevels(app.database.queries, found.filter((one) => one.level !== one.before || now.getTime() - one.at > 60_000), now)
  return new Map(found.map((one) => [one.id, one.level]))
}

/** The events decision.made, reversed and undone: what counts against somebody changed. */
export async function lookAfterDecision(app: App, decisionId: string): Promise<void> {
  const accountId = await selectDecided(app.database.queries, decisionId)
  if (accountId) await lookAgain(app, [accountId])
}

/** Job: raises whoever took part since they were last looked at. */
export async function raiseTrust(app: App): Promise<void> {
  for (let after = '0', more = true; more;) {
    const ids = await selectDue(app.database.queries, after, new Date(app.now().getTime() - 3_600_000), batch)
    await lookAgain(app, ids)
    more = ids.length === batch
    after = ids.at(-1) ?? after
  }
}

/** The event of a newcomer: where they begin; whoever comes by a branch that is held begins held. Safe to run twice. */
export async function welcomeTrust(app: App, accountId: AccountId): Promise<void> {
  const until = await selectBranchUntil(app.database.queries, accountId)
  if (until && until > app.now()) await app.database.inTransaction(async (tx) => { await writeHeld(tx, [accountId], until, app.now()); await writeBranch(tx, [accountId], until, app.now()) })
  await lookAgain(app, [accountId])
}

/** How the member stands, looked at now: what they have, what comes next and what helps. */
export async function ownTrust(app: App, viewer: Account): Promise<TrustView> {
  const view = await see(app, viewer.id)
  // Who pinned it, and why, is among those who look after the place.
  return { ...view, pinned: view.pinned && { why: '', byId: null } }
}

/** How a member stands, for those who moderate. */
export async function seeTrust(app: App, moderator: Account, accountId: AccountId): Promise<TrustView> {
  demandStaff(moderator)
  return see(app, accountId)
}

async function see(app: App, accountId: AccountId): Promise<TrustView> {
  if (!isId(accountId)) throw notFound()
  const now = app.now()
  const [[row], settings] = await Promise.all([selectFacts(app.database.queries, [accountId], now), trustSettings(app)])
  if (!row) throw notFound()
  const facts = factsOf(row, now)
  const { level, because } = levelOf(facts, settings, now)
  if (level !== row.level) await writeLevels(app.database.queries, [{ id: row.id, level }], now)
  const up = Math.max(earned(facts, settings), level) + 1
  return {
    accountId, level, because, facts: { days: Math.floor(facts.days), readDays: facts.readDays, posts: facts.posts, likers: facts.likers },
    next: because !== 'pinned' && because !== 'role' && (up === 1 || up === 2 || up === 3) ? { level: up, needs: settings.needs[up] } : null,
    strikesUntil: facts.strikes ? row.strikes_until?.toISOString() ?? null : null, heldUntil: row.held_until && row.held_until > now ? row.held_until.toISOString() : null,
    limits: level < settings.limits.below ? settings.limits : null, pinned: row.pinned === null ? null : { why: row.pinned_why, byId: row.pinned_by_id },
  }
}

export const factsOf = (row: FactsRow, now: Date): TrustFacts => ({
  role: row.role, state: row.state, cameBy: row.came_by, days: Math.max(0, now.getTime() - row.created_at.getTime()) / day, readDays: row.read_days, posts: row.posts_count, likers: row.likers,
  strikes: row.strikes, strikesUntil: row.strikes_until, pinned: row.pinned, heldUntil: row.held_until,
})
