import type { App } from '#server/app.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import type { Account, AccountId, AccountView } from '#server/domain/accounts/index.ts'
import { audit } from '#server/domain/instance/index.ts'
import { holdMembers, lookAgain } from '#server/domain/trust/index.ts'
import { invalidForm, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { cleanAsk, cutPage } from '#server/platform/page/index.ts'
import type { Page, PageAsk } from '#server/platform/page/index.ts'
import { branchEnds, countBranch, revokeOf, selectAbove, selectBranch, selectChildren, selectRoots } from './queries-branches.ts'
import type { BranchMember, BranchRow } from './queries-branches.ts'
import { demandStaff } from './staff.ts'

export type BranchLine = { account: AccountView; joinedAt: string; upheld: number; /** whom they invited, up to 1,000 */ invited: number; level: number | null; heldUntil: string | null }
/** `whole`: false where the branch goes on beyond what is counted. */
export type BranchView = { root: AccountView; above: AccountView[]; figures: Omit<BranchRow, 'depth'> & { whole: boolean }; children: Page<BranchLine> }

const day = 86_400_000
const newcomerDays = 30
export const holdDays = [1, 3, 7, 30] as const

/** Where invitation trees begin, the newest first. */
export async function branchRoots(app: App, moderator: Account, ask: PageAsk = {}): Promise<Page<BranchLine>> {
  demandStaff(moderator)
  const clean = cleanAsk(ask, 30)
  return lines(app, cutPage(await selectRoots(app.database.queries, clean), clean, (row) => row.id))
}

/** A member's branch: by whom they came, whom they invited (in pages), and how all below them fared. */
export async function seeBranch(app: App, moderator: Account, id: AccountId, ask: PageAsk = {}): Promise<BranchView> {
  demandStaff(moderator)
  if (!isId(id)) throw notFound()
  const clean = cleanAsk(ask, 30)
  const on = app.database.queries
  const [figures, aboveIds, children] = await Promise.all([countBranch(on, id, app.now()), selectAbove(on, id), selectChildren(on, id, clean)])
  const people = await accountViews(app, [id, ...aboveIds])
  const root = people.get(id)
  if (!root) throw notFound()
  const { depth, ...counts } = figures
  return { root, above: aboveIds.flatMap((one) => people.get(one) ?? []), figures: { ...counts, whole: counts.people < branchEnds.people && depth < branchEnds.depth }, children: await lines(app, cutPage(children, clean, (row) => row.id)) }
}

/**
 * Keeps the newcomers of a branch as the newest for some days, and whoever comes by it meanwhile; 0 ends that. Its root, staff, and
 * members who have been here longer are left alone. On record. How many it met.
 */
export async function holdBranch(app: App, moderator: Account, id: AccountId, days: number): Promise<number> {
  demandStaff(moderator)
  if (!isId(id)) throw notFound()
  if (days !== 0 && !holdDays.some((one) => one === days)) throw invalidForm([{ field: 'days', message: 'error.choose' }])
  const now = app.now()
  const until = days ? new Date(now.getTime() + days * day) : null
  const met = await app.database.inTransaction(async (tx) => {
    const all = await selectBranch(tx, id, new Date(now.getTime() - newcomerDays * day))
    if (all.length === 0) throw notFound()
    // What ends is ended for everybody it may have met.
    const ids = until ? all.filter((one) => one.newcomer && one.id !== moderator.id).map((one) => one.id) : all.slice(1).map((one) => one.id)
    await holdMembers(app, tx, moderator, ids, all.map((one) => one.id), until)
    await audit(app, tx, moderator, until ? 'branch.hold' : 'branch.release', { kind: 'account', id }, { days, people: ids.length })
    return ids
  })
  for (let at = 0; at < met.length; at += 500) await lookAgain(app, met.slice(at, at + 500))
  return met.length
}

/** Ends every open invitation of a branch, its root's as well; on record. How many there were. */
export async function closeBranch(app: App, moderator: Account, id: AccountId): Promise<number> {
  demandStaff(moderator)
  if (!isId(id)) throw notFound()
  return app.database.inTransaction(async (tx) => {
    const all = await selectBranch(tx, id, app.now())
    if (all.length === 0) throw notFound()
    const count = await revokeOf(tx, all.map((one) => one.id), app.now())
    await audit(app, tx, moderator, 'branch.close', { kind: 'account', id }, { invitations: count })
    return count
  })
}

async function lines(app: App, page: Page<BranchMember>): Promise<Page<BranchLine>> {
  const people = await accountViews(app, page.items.map((row) => row.id))
  return { ...page, items: page.items.flatMap((row) => {
    const account = people.get(row.id)
    return account ? [{ account, joinedAt: row.created_at.toISOString(), upheld: row.upheld, invited: row.invited, level: row.level, heldUntil: row.held_until && row.held_until > app.now() ? row.held_until.toISOString() : null }] : []
  }) }
}
