import type { App } from '#server/app.ts'
import type { Account, AccountId } from '#server/domain/accounts/index.ts'
import { closeCase, lockCase } from '#server/domain/cases/index.ts'
import { audit } from '#server/domain/instance/index.ts'
import { tellMany } from '#server/domain/notifications/index.ts'
import { invalidForm, notAllowed, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { selectOnlyTheirs, selectPause, selectReporter, updateInvalid, upsertPause } from './queries-reporters.ts'
import { demandStaff } from './staff.ts'
import { reporterStep } from './strikes.ts'

const pauseDays = 30

/** What is known of somebody who reports. `step`: what the policy suggests. */
export type ReporterRecord = { reports: number; decided: number; upheld: number; open: number; invalid: number; warnedAt: string | null; pausedUntil: string | null; step: 'none' | 'warn' | 'pause' }

/** Somebody's record as a reporter, for moderators. */
export async function reporterRecord(app: App, moderator: Account, id: AccountId): Promise<ReporterRecord> {
  demandStaff(moderator)
  if (!isId(id)) throw notFound()
  const [row, pause] = await Promise.all([selectReporter(app.database.queries, id), selectPause(app.database.queries, id)])
  return {
    ...row, warnedAt: pause?.warned_at?.toISOString() ?? null, pausedUntil: pause?.paused_until && pause.paused_until > app.now() ? pause.paused_until.toISOString() : null,
    step: reporterStep({ decided: row.decided, upheld: row.upheld, warned: Boolean(pause?.warned_at) }),
  }
}

/** Throws while somebody isn't heard. What endangers a child is always heard. */
export async function demandHeard(app: App, reporter: Account, category: string): Promise<void> {
  if (category === 'child_safety') return
  const pause = await selectPause(app.database.queries, reporter.id)
  if (pause?.paused_until && pause.paused_until > app.now()) throw notAllowed('reportsPaused', { until: pause.paused_until.toISOString().slice(0, 10) })
}

/** Repeat misuse by reporters: a warning first, then a pause (DSA, Article 23(2)); told with its reason, on record. A pause needs the warning before it. */
export async function stepAgainstReporter(app: App, moderator: Account, id: AccountId, step: 'warn' | 'pause' | 'lift', reason: string): Promise<void> {
  demandStaff(moderator)
  if (!isId(id) || id === moderator.id) throw notAllowed('notAllowedOnThem')
  const words = reason.toWellFormed().replaceAll('\0', '').trim().slice(0, 2000)
  if (step !== 'lift' && !words) throw invalidForm([{ field: 'reason', message: 'error.decisionReasonNeeded' }])
  const now = app.now()
  await app.database.inTransaction(async (tx) => {
    const pause = await selectPause(tx, id)
    if (step === 'pause' && !pause?.warned_at) throw invalidForm([{ field: 'step', message: 'error.warnFirst' }])
    await upsertPause(tx, { accountId: id, warnedAt: pause?.warned_at ?? (step === 'warn' ? now : null), pausedUntil: step === 'pause' ? new Date(now.getTime() + pauseDays * 86_400_000) : null, reason: words, byId: moderator.id, at: now })
    await audit(app, tx, moderator, `reporter.${step}`, { kind: 'account', id }, {})
  })
  if (step !== 'lift') await tellMany(app, [{ to: id, kind: 'moderation', data: { reporter: step }, group: `reporter:${id}:${step}:${now.getTime()}` }])
}

/** What the member is told about their own reporting, where there is something. */
export async function ownReporting(app: App, viewer: Account): Promise<{ reason: string; pausedUntil: string | null } | null> {
  const pause = await selectPause(app.database.queries, viewer.id)
  if (!pause?.warned_at || !pause.reason) return null
  return { reason: pause.reason, pausedUntil: pause.paused_until && pause.paused_until > app.now() ? pause.paused_until.toISOString() : null }
}

/** Sets aside every open report of one person in bad faith. Cases that only they reported are closed; others go on. How many reports there were. */
export async function invalidateReportsOf(app: App, moderator: Account, id: AccountId): Promise<number> {
  demandStaff(moderator)
  if (!isId(id) || id === moderator.id) throw notAllowed('notAllowedOnThem')
  return app.database.inTransaction(async (tx) => {
    const cases = await selectOnlyTheirs(tx, id)
    const count = await updateInvalid(tx, id, moderator.id, app.now())
    for (const caseId of cases) {
      const row = await lockCase(tx, caseId)
      if (row?.state === 'open') await closeCase(app, tx, row, { outcome: 'dismissed', decisionId: null, byId: moderator.id })
    }
    await audit(app, tx, moderator, 'reporter.invalidate', { kind: 'account', id }, { reports: count })
    return count
  })
}
