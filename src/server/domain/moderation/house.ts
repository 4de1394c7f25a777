import type { App } from '#server/app.ts'
import type { Account, AccountView } from '#server/domain/accounts/index.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import { audit, demandAdmin } from '#server/domain/instance/index.ts'
import type { Page, PageAsk } from '#server/platform/page/index.ts'
import { cleanAsk, cutPage } from '#server/platform/page/index.ts'
import { invalid, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { fold } from '#server/platform/text/fold.ts'
import { deleteVeto, selectInvitations, selectMails, updateRevoked, updateTagHidden, upsertVeto, updateQueued } from './queries-members.ts'
import { selectPostOwner } from './queries-decisions.ts'
import { demandStaff } from './staff.ts'

export type InvitationLine = { id: string; inviter: AccountView | null; note: string; uses: number; maxUses: number | null; expiresAt: string | null; revokedAt: string | null; createdAt: string; joined: AccountView[] }

/** Who invited whom, newest link first. */
export async function invitationsOverview(app: App, moderator: Account, ask: PageAsk = {}): Promise<Page<InvitationLine>> {
  demandStaff(moderator)
  const clean = cleanAsk(ask, 40)
  const page = cutPage(await selectInvitations(app.database.queries, clean), clean, (row) => row.id)
  const people = await accountViews(app, [...new Set(page.items.flatMap((row) => [row.inviter_id, ...row.joined]))])
  return { ...page, items: page.items.map((row) => ({
    id: row.id, inviter: people.get(row.inviter_id) ?? null, note: row.note, uses: row.uses, maxUses: row.max_uses, expiresAt: row.expires_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null, createdAt: row.created_at.toISOString(), joined: row.joined.flatMap((id) => people.get(id) ?? []),
  })) }
}

/** Ends anybody's invitation link; on record. */
export async function endInvitation(app: App, moderator: Account, id: string): Promise<void> {
  demandStaff(moderator)
  await app.database.inTransaction(async (tx) => {
    if (!isId(id) || !await updateRevoked(tx, id, app.now())) throw notFound()
    await audit(app, tx, moderator, 'invitation.end', { kind: 'invitation', id })
  })
}

export type MailState = 'queued' | 'sent' | 'failed' | 'kept'
export type MailLine = { id: string; to: string; subject: string; text: string; kind: string; state: string; error: string | null; createdAt: string; sentAt: string | null }

/** Every letter that was made, newest first. They hold links that sign people in: admins and the owner only. */
export async function outbox(app: App, actor: Account, ask: PageAsk = {}, state: MailState | null = null): Promise<Page<MailLine>> {
  demandStaff(actor)
  demandAdmin(actor)
  const clean = cleanAsk(ask, 30)
  const page = cutPage(await selectMails(app.database.queries, clean, state), clean, (row) => row.id)
  return { ...page, items: page.items.map((row) => ({ id: row.id, to: row.to_address, subject: row.subject, text: row.body_text, kind: row.kind, state: row.state, error: row.error, createdAt: row.created_at.toISOString(), sentAt: row.sent_at?.toISOString() ?? null })) }
}

/** Sends a letter that could not be sent, or that was kept while there was no mail server, at once. On record. Throws notFound for one that went out or is gone. */
export async function sendAgain(app: App, actor: Account, id: string): Promise<void> {
  demandStaff(actor)
  demandAdmin(actor)
  if (!app.mailer.sends) throw invalid('noMailServer')
  await app.database.inTransaction(async (tx) => {
    if (!isId(id) || !await updateQueued(tx, id)) throw notFound()
    await app.jobs.add(tx, 'sendMail', { mailId: id }, { key: `mail-again-${id}` })
    await audit(app, tx, actor, 'mail.again', { kind: 'mail', id })
  })
}

/** Takes a tag out of trends, or lets it back in. */
export async function hideTag(app: App, moderator: Account, name: string, hidden = true): Promise<void> {
  demandStaff(moderator)
  await app.database.inTransaction(async (tx) => {
    const id = await updateTagHidden(tx, fold(name.replace(/^#/, '')), hidden ? app.now() : null)
    if (!id) throw notFound()
    await audit(app, tx, moderator, hidden ? 'trend.hide' : 'trend.show', { kind: 'tag', id })
  })
}

/** Takes a post out of trends, or lets it back in. The post itself stays. */
export async function vetoTrend(app: App, moderator: Account, postId: string, veto = true): Promise<void> {
  demandStaff(moderator)
  await app.database.inTransaction(async (tx) => {
    if (!isId(postId) || !await selectPostOwner(tx, postId)) throw notFound()
    if (veto) await upsertVeto(tx, postId, moderator.id, app.now())
    else await deleteVeto(tx, postId)
    await audit(app, tx, moderator, veto ? 'trend.hide' : 'trend.show', { kind: 'post', id: postId })
  })
}
