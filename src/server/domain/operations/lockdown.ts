import type { App } from '#server/app.ts'
import { endEveryToken } from '#server/domain/apps/index.ts'
import { changeLockdownIn, readSettings, settingsChanged } from '#server/domain/instance/index.ts'
import type { Actor, Lockdown, LockdownMode } from '#server/domain/instance/index.ts'
import { endEverySession } from '#server/domain/sessions/index.ts'
import { invalidForm, notAllowed } from '#server/platform/errors.ts'

const most = 1000

export type LockdownWish = {
  mode: LockdownMode
  /** for everybody, in the owner's words; may be empty */
  message?: string
  /** ends every session, and every app's token */
  signOut?: boolean
  /** the session of whoever asks stays: their way back in */
  keepSession?: string | null
}

/**
 * When something goes wrong: locks the community until `endLockdown`. Nothing that was made is touched. Once more with other
 * words changes them. Owners and the command line only; on record. Resolves to how many sessions and tokens were ended.
 */
export async function beginLockdown(app: App, actor: Actor, wish: LockdownWish): Promise<{ sessions: number; tokens: number }> {
  demandOwner(actor)
  const message = (wish.message ?? '').toWellFormed().replaceAll('\0', '').replaceAll('\r\n', '\n').trim()
  if ([...message].length > most) throw invalidForm([{ field: 'message', message: 'error.tooLong', params: { most } }])
  if (!['members', 'closed', 'readonly'].includes(wish.mode)) throw invalidForm([{ field: 'mode', message: 'error.choose' }])
  const lockdown: Lockdown = { mode: wish.mode, message, since: app.now().toISOString(), by: typeof actor === 'string' ? null : actor.id }
  const ended = await app.database.inTransaction(async (tx) => {
    const ended = wish.signOut ? { sessions: await endEverySession(tx, wish.keepSession ?? null), tokens: await endEveryToken(tx, app.now()) } : { sessions: 0, tokens: 0 }
    await changeLockdownIn(app, tx, actor, lockdown, { mode: wish.mode, message: message.slice(0, 300), signedOut: wish.signOut === true, ...ended })
    return ended
  })
  settingsChanged(app)
  return ended
}

/** Everything is as it was before. False when nothing was locked. */
export async function endLockdown(app: App, actor: Actor): Promise<boolean> {
  demandOwner(actor)
  const { lockdown } = await readSettings(app)
  if (!lockdown) return false
  const before = await app.database.inTransaction((tx) => changeLockdownIn(app, tx, actor, null, { mode: lockdown.mode, since: lockdown.since }))
  settingsChanged(app)
  return before !== null
}

function demandOwner(actor: Actor): void {
  if (typeof actor !== 'string' && actor.role !== 'owner') throw notAllowed()
}

export type Knock = { method: string; path: string }
/** anybody · staff: whoever moderates or runs the community · owners · nobody */
export type Gate = 'anybody' | 'staff' | 'owners' | 'nobody'

/** What no lockdown keeps from anybody: the ways in, what pages are drawn with, the state of health, and what authorities must be able to reach within the hour. */
const always = /^\/(?:health|metrics|_app\/|login(?:\/|$)|logout$|language$|locked(?:$|\/)|legal(?:\/|$)|favicon\.svg$|icons\.svg$|header\.png$|robots\.txt$|manifest\.webmanifest$|service-worker\.js$|setup$)/
/** What may be written in read-only days: signing in and out, of people and of their apps. */
const waysIn = /^\/(?:reset|confirm|oauth)(?:\/|$)/
const joining = /^\/(?:signup|invite)(?:\/|$)|^\/api\/v1\/accounts\/?$/
const reading = new Set(['GET', 'HEAD', 'OPTIONS'])

/** The one place that says whom a lockdown lets through: every request is asked about here, of pages, apps, uploads and streams. */
export function gateOf(lockdown: Lockdown | null, { method, path }: Knock): Gate {
  if (!lockdown || always.test(path) || method === 'OPTIONS') return 'anybody'
  if (lockdown.mode === 'closed') return 'owners'
  if (reading.has(method)) return 'anybody'
  if (joining.test(path)) return 'nobody'
  if (lockdown.mode === 'members' || waysIn.test(path)) return 'anybody'
  return /^\/(?:admin|api\/v[12]\/admin)\//.test(path) ? 'staff' : 'nobody'
}

/** May somebody with this role go through? null: nobody who is known. */
export function passes(gate: Gate, role: string | null): boolean {
  if (gate === 'anybody') return true
  return gate === 'nobody' || role === null ? false : role === 'owner' || (gate === 'staff' && role !== 'member')
}

/** Jobs that say or make something in members' names, or destroy something: they wait while the community is closed or read-only. */
const waiting = new Set(['publishScheduled', 'processMedia', 'push', 'deliverWebhook', 'resumeWebhooks', 'applyMediaRules', 'applyMediaRule', 'purgeDeletedPosts', 'sweepUnattached', 'sweepUploads', 'sweepOrphans', 'sweepFiles', 'sweepCards', 'sweepVault', 'forgetOldEvidence', 'forgetUnusedApps', 'tidyScreening'])

/** Must this job wait until the lockdown is over? What follows from acts that were answered with success goes on. */
export const mustWait = (lockdown: Lockdown | null, job: string): boolean => lockdown !== null && lockdown.mode !== 'members' && waiting.has(job)
