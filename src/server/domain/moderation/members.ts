import type { App } from '#server/app.ts'
import type { Account, AccountId, AccountLimit, AccountView, Role } from '#server/domain/accounts/index.ts'
import { accountViews, limitsOf, setRole } from '#server/domain/accounts/index.ts'
import { audit } from '#server/domain/instance/index.ts'
import { invalidForm, notAllowed, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { cleanAsk, cutPage } from '#server/platform/page/index.ts'
import type { Page, PageAsk } from '#server/platform/page/index.ts'
import { may, mayGiveRole } from './may.ts'
import { lockAccount } from './queries-decisions.ts'
import { selectInvited, selectMember, selectMembers, selectStaff } from './queries-members.ts'
import type { MemberRow } from './queries-members.ts'
import { selectRecord } from './queries-reports.ts'
import { demandStaff } from './staff.ts'
import { acts } from './types.ts'
import type { Act } from './types.ts'

const roles = ['member', 'moderator', 'admin', 'owner'] as const
const states = ['pending', 'active', 'limited', 'suspended', 'deleted'] as const

export type MemberLine = { account: AccountView; joinReason: string; invitedBy: AccountView | null; email: string | null; suspendedUntil: string | null; avatarState: string; lastPostAt: string | null; /** for an investigation */ frozen: boolean }

export type MemberFilter = { q?: string; role?: string | null; state?: string | null; /** whoever has a role */ staff?: boolean; /** for an investigation, or not */ frozen?: boolean; invitedBy?: string; /** exactly this address: admins alone may look by it, others find nobody */ email?: string }

/** Members by name, role and state, newest first. Unknown filters count as none. */
export async function listMembers(app: App, moderator: Account, filter: MemberFilter, ask: PageAsk = {}): Promise<Page<MemberLine>> {
  demandStaff(moderator)
  const clean = cleanAsk(ask, 40)
  const nobody = (filter.invitedBy !== undefined && !isId(filter.invitedBy)) || (filter.email !== undefined && moderator.role !== 'admin' && moderator.role !== 'owner')
  const rows = nobody ? [] : await selectMembers(app.database.queries, {
    staff: filter.staff ?? false, frozen: filter.frozen ?? null, invitedBy: filter.invitedBy ?? null, emailKey: filter.email === undefined ? null : filter.email.normalize('NFKC').trim().toLowerCase(),
    q: (filter.q ?? '').toWellFormed().replaceAll('\0', '').trim().slice(0, 100).replace(/^@/, ''),
    role: roles.find((one) => one === filter.role) ?? null, state: states.find((one) => one === filter.state) ?? null,
  }, clean)
  const page = cutPage(rows, clean, (row) => row.id)
  return { ...page, items: await memberLines(app, page.items) }
}

export async function memberLines(app: App, rows: MemberRow[]): Promise<MemberLine[]> {
  const people = await accountViews(app, [...new Set(rows.flatMap((row) => [row.id, ...(row.invited_by_id ? [row.invited_by_id] : [])]))])
  return rows.flatMap((row) => {
    const account = people.get(row.id)
    if (!account) return []
    return [{ account, joinReason: row.join_reason ?? '', invitedBy: row.invited_by_id ? people.get(row.invited_by_id) ?? null : null, email: row.email, suspendedUntil: row.suspended_until?.toISOString() ?? null, avatarState: row.avatar_state, lastPostAt: row.last_post_at?.toISOString() ?? null, frozen: row.frozen }]
  })
}

export type MemberView = MemberLine & { invited: AccountView[]; /** what they can't do now */ limits: AccountLimit[]; /** reports in the lane of trusted flaggers */ trustedFlagger: boolean; reportsCount: number; upheldCount: number; mayDecide: Act[]; mayGive: Role[] }

/** One member with what moderators need. E-mail addresses are for admins only. */
export async function seeMember(app: App, moderator: Account, id: AccountId): Promise<MemberView> {
  demandStaff(moderator)
  const row = isId(id) ? await selectMember(app.database.queries, id) : undefined
  const [line] = row ? await memberLines(app, [row]) : []
  if (!line) throw notFound()
  const [invitedIds, record, limits] = await Promise.all([selectInvited(app.database.queries, id), selectRecord(app.database.queries, id, null), limitsOf(app, id)])
  const invited = await accountViews(app, invitedIds)
  const admin = moderator.role === 'admin' || moderator.role === 'owner'
  return {
    ...line, limits, trustedFlagger: row?.trusted_flagger === true, email: admin ? line.email : null, invited: invitedIds.flatMap((one) => invited.get(one) ?? []), reportsCount: record.reports, upheldCount: record.upheld,
    mayDecide: acts.filter((act) => may(moderator, act, line.account)), mayGive: roles.filter((role) => role !== line.account.role && mayGiveRole(moderator, line.account, role)),
  }
}

/** Gives a member another role: admins and the owner, to people below them. On record. */
export async function changeRole(app: App, actor: Account, id: AccountId, role: string): Promise<void> {
  demandStaff(actor)
  const given = roles.find((one) => one === role)
  if (!given) throw invalidForm([{ field: 'role', message: 'error.choose' }])
  if (!isId(id)) throw notFound()
  await app.database.inTransaction(async (tx) => {
    const target = await lockAccount(tx, id)
    if (!target || target.state === 'deleted') throw notFound()
    if (!mayGiveRole(actor, target, given)) throw notAllowed('notAllowedOnThem')
    if (target.role === given) return
    await setRole(app, tx, id, given)
    await audit(app, tx, actor, 'role.change', { kind: 'account', id }, { from: target.role, to: given })
  })
}

/** Who runs and moderates the community, the owner first: public. */
export async function staffIds(app: App): Promise<AccountId[]> {
  return selectStaff(app.database.queries)
}
