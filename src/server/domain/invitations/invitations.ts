import { randomInt } from 'node:crypto'
import type { App } from '#server/app.ts'
import { accountView } from '#server/domain/accounts/index.ts'
import type { Account, AccountView } from '#server/domain/accounts/index.ts'
import { audit, readSettings } from '#server/domain/instance/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { invalid, invalidForm, notAllowed } from '#server/platform/errors.ts'
import type { FieldProblem } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { insertInvitation, selectInvitation, selectInvitations, setRevoked, useInvitation } from './queries.ts'
import type { InvitationRow } from './queries.ts'

export type Invitation = { id: string; code: string; note: string; uses: number; maxUses: number | null; expiresAt: string | null; createdAt: string; works: boolean }

const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
const isCode = (text: string) => /^[a-z0-9]{1,40}$/i.test(text)

/** Makes a link that lets people in. `days` and `maxUses`: null for without end. */
export async function createInvitation(app: App, inviter: Account, wanted: { days: number | null; maxUses: number | null; note?: string }): Promise<Invitation> {
  const settings = await readSettings(app)
  if (inviter.state !== 'active' || (inviter.role === 'member' && (!settings.membersMayInvite || settings.joinMode === 'closed'))) throw notAllowed('mayNotInvite')
  const inRange = (value: number | null, most: number) => value === null || (Number.isInteger(value) && value >= 1 && value <= most)
  const problems: FieldProblem[] = []
  if (!inRange(wanted.days, 365)) problems.push({ field: 'days', message: 'error.notInRange', params: { least: 1, most: 365 } })
  if (!inRange(wanted.maxUses, 1000)) problems.push({ field: 'uses', message: 'error.notInRange', params: { least: 1, most: 1000 } })
  if (problems.length) throw invalidForm(problems)
  await app.limits.use({ name: 'invitation', most: 30, seconds: 86_400 }, inviter.id)
  const code = Array.from({ length: 12 }, () => letters[randomInt(letters.length)]).join('')
  const row = await app.database.inTransaction(async (tx) => {
    const made = await insertInvitation(tx, {
      id: app.newId(), code, inviter_id: inviter.id, note: (wanted.note ?? '').toWellFormed().replaceAll('\0', '').slice(0, 200), max_uses: wanted.maxUses,
      expires_at: wanted.days === null ? null : new Date(app.now().getTime() + wanted.days * 86_400_000), created_at: app.now(),
    })
    if (inviter.role !== 'member') await audit(app, tx, inviter, 'invitation.make', { kind: 'invitation', id: made.id }, { days: wanted.days, uses: wanted.maxUses })
    return made
  })
  return toInvitation(app, row)
}

/** A link that still works and who made it; null for unknown, used up, ended and revoked ones alike. */
export async function findInvitation(app: App, code: string): Promise<{ id: string; code: string; inviter: AccountView } | null> {
  const row = isCode(code) ? await selectInvitation(app.database.queries, code.toLowerCase()) : undefined
  if (!row || !toInvitation(app, row).works) return null
  const inviter = await accountView(app, row.inviter_id)
  return inviter && inviter.state === 'active' ? { id: row.id, code: row.code, inviter } : null
}

/** Uses a link once, in the sign-up's transaction. Throws when it no longer works. */
export async function takeInvitation(app: App, tx: Tx, code: string): Promise<{ id: string; inviterId: string }> {
  const taken = isCode(code) ? await useInvitation(tx, code.toLowerCase(), app.now()) : undefined
  if (!taken) throw invalid('invitationGone')
  return { id: taken.id, inviterId: taken.inviter_id }
}

/** The member's own links, newest first. */
export async function invitationsOf(app: App, account: Account): Promise<Invitation[]> {
  return (await selectInvitations(app.database.queries, account.id)).map((row) => toInvitation(app, row))
}

/** Ends a link; its maker may, and so may staff. */
export async function revokeInvitation(app: App, actor: Account, id: string): Promise<void> {
  if (!isId(id)) return
  await app.database.inTransaction(async (tx) => {
    const ended = await setRevoked(tx, id, actor.role === 'member' ? actor.id : null, app.now())
    if (ended && actor.role !== 'member') await audit(app, tx, actor, 'invitation.end', { kind: 'invitation', id })
  })
}

function toInvitation(app: App, row: InvitationRow): Invitation {
  const works = row.revoked_at === null && (row.expires_at === null || row.expires_at > app.now()) && (row.max_uses === null || row.uses < row.max_uses)
  return { id: row.id, code: row.code, note: row.note, uses: row.uses, maxUses: row.max_uses, expiresAt: row.expires_at?.toISOString() ?? null, createdAt: row.created_at.toISOString(), works }
}
