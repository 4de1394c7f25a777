import type { App } from '#server/app.ts'
import type { AccountId } from '#server/domain/accounts/index.ts'
import { issueToken } from '#server/domain/apps/index.ts'
import type { IssuedToken, OAuthApp } from '#server/domain/apps/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { invalidForm, notAllowed } from '#server/platform/errors.ts'
import type { FieldProblem } from '#server/platform/errors.ts'
import { cleanText } from '#server/platform/text/count.ts'
import { createMember } from './create-member.ts'
import { sendConfirmation } from './mail.ts'
import { openSession } from './session.ts'
import type { NewSession } from './types.ts'

export type SignUp = {
  username: string; password: string; email?: string; reason?: string; consent: boolean; locale: 'en' | 'ar'
  /** the address it came from: only counted, never stored */
  address: string
  /** uses an invitation in the same transaction (the invitations room stands above this one) */
  invitation?: (tx: Tx) => Promise<{ id: string; inviterId: string }>
}

type Joined = { accountId: AccountId; state: 'active' | 'pending' }

/** A newcomer joins. They are signed in at once; where the community approves first, they wait (`state` 'pending'). */
export const signUp = (app: App, wanted: SignUp & { userAgent: string }): Promise<Joined & { session: NewSession }> =>
  join(app, wanted, async (tx, accountId) => ({ session: await openSession(app, tx, accountId, wanted.userAgent) }))

/** The same from within an app: it gets a token for the newcomer, with all rights that it registered for. */
export const signUpByApp = (app: App, client: OAuthApp, wanted: SignUp): Promise<Joined & { token: IssuedToken }> =>
  join(app, wanted, async (tx, accountId) => ({ token: await issueToken(app, tx, client, accountId, client.scopes.join(' ')) }))

/** `enter` lets the newcomer in, in the same transaction. */
async function join<Entered extends object>(app: App, wanted: SignUp, enter: (tx: Tx, accountId: AccountId) => Promise<Entered>): Promise<Joined & Entered> {
  const settings = await readSettings(app)
  if (settings.joinMode === 'closed') throw notAllowed('joinClosed')
  if (settings.joinMode === 'invitation' && !wanted.invitation) throw notAllowed('joinByInvitation')
  await app.limits.use({ name: 'signUp', most: 10, seconds: 3600 }, wanted.address)
  const reason = cleanText((wanted.reason ?? '').slice(0, 2000))
  // In a raid nobody is sure where an invitation has been handed on.
  const waits = settings.joinMode === 'approval' && (!wanted.invitation || settings.raid?.joinMode === 'approval')
  const problems: FieldProblem[] = []
  if (!wanted.consent) problems.push({ field: 'consent', message: 'error.consentNeeded' })
  if (waits && reason.length < 3) problems.push({ field: 'reason', message: 'error.reasonNeeded' })
  if (settings.emailMode === 'confirmed' && !wanted.email?.trim()) problems.push({ field: 'email', message: 'error.emailNeeded' })
  if (problems.length) throw invalidForm(problems)
  const needsMail = settings.emailMode === 'confirmed'
  const state = waits || needsMail ? 'pending' : 'active'
  return app.database.inTransaction(async (tx) => {
    const invitation = await wanted.invitation?.(tx)
    const accountId = await createMember(app, tx, {
      username: wanted.username, password: wanted.password, email: settings.emailMode === 'none' ? undefined : wanted.email, state, locale: wanted.locale,
      defaultAudience: settings.defaultAudience, joinReason: waits ? reason : undefined, invitedById: invitation?.inviterId, invitationId: invitation?.id, cameBy: invitation ? 'invitation' : waits ? 'approval' : 'open', consented: true,
    })
    if (wanted.email?.trim() && settings.emailMode !== 'none') await sendConfirmation(app, tx, accountId, wanted.email.trim(), wanted.locale)
    // Who must first open the link in their mail joins when they do (confirmEmail).
    if (waits || state === 'active') await app.record(tx, { type: waits ? 'account.waiting' : 'account.joined', accountId })
    return { accountId, state, ...await enter(tx, accountId) }
  })
}
