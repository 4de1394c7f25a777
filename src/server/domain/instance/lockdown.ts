import { z } from 'zod'
import type { App } from '#server/app.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { audit } from './audit.ts'
import type { AuditDetails } from './audit.ts'
import { lockSettings, updateLockdown } from './queries.ts'
import type { Actor, Lockdown } from './types.ts'

const Stored = z.object({ mode: z.enum(['members', 'closed', 'readonly']), message: z.string(), since: z.string(), by: z.string().nullable() })

/** What is locked, as it is stored; null for nothing. What can't be read locks everybody out rather than nobody. */
export function lockdownOf(stored: unknown): Lockdown | null {
  if (stored === null || stored === undefined) return null
  const parsed = Stored.safeParse(stored)
  return parsed.success ? parsed.data : { mode: 'closed', message: '', since: new Date(0).toISOString(), by: null }
}

/** Locks, or unlocks (null), within a transaction, on record; every process hears of it when it commits. The caller forgets afterwards (`settingsChanged`). Gives what was before. */
export async function changeLockdownIn(app: App, tx: Tx, actor: Actor, lockdown: Lockdown | null, details: AuditDetails): Promise<Lockdown | null> {
  const before = lockdownOf((await lockSettings(tx)).lockdown)
  await updateLockdown(tx, lockdown, app.now())
  await app.bus.publishAll(tx, [{ type: 'settings' }, { type: 'lockdown' }])
  await audit(app, tx, actor, lockdown ? 'lockdown.on' : 'lockdown.off', { kind: 'settings', id: 'lockdown' }, details)
  return before
}
