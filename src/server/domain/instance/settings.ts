import type { App } from '#server/app.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { notAllowed } from '#server/platform/errors.ts'
import { audit } from './audit.ts'
import { lockdownOf } from './lockdown.ts'
import { lockSettings, selectInstanceMedia, selectSettings, updateSettings } from './queries.ts'
import { fillIn, readPatch } from './schema.ts'
import { stricter } from './strict.ts'
import { forget, kept } from './state.ts'
import type { Actor, Settings, SettingsPatch } from './types.ts'

/** The community's settings, from memory; other processes hear of changes by the bus. */
export async function readSettings(app: App): Promise<Settings> {
  const settings = await keptSettings(app)
  if (!settings.raid) return settings
  const until = new Date(settings.raid.until).getTime()
  if (until <= app.now().getTime()) return { ...settings, raid: null }
  app.changes.holdsUntil(until)
  return { ...settings, joinMode: stricter(settings.joinMode, settings.raid.joinMode) }
}

function keptSettings(app: App): Promise<Settings> {
  return kept(app, 'settings', async () => {
    const row = await selectSettings(app.database.queries)
    const stored = fillIn(row.settings)
    const urls = await selectInstanceMedia(app.database.queries, [stored.logoMediaId, stored.coverMediaId].filter((id) => id !== null))
    const lockdown = lockdownOf(row.lockdown)
    const meanwhile = lockdown ? { joinMode: 'closed' as const, readMode: lockdown.mode === 'readonly' ? stored.readMode : 'members' as const } : {}
    return { ...stored, ...meanwhile, lockdown, usualJoinMode: stored.joinMode, raidUntil: stored.raid?.until ?? null, updatedAt: row.updated_at.toISOString(), logoUrl: urls.get(stored.logoMediaId ?? '') ?? null, coverUrl: urls.get(stored.coverMediaId ?? '') ?? null }
  })
}

/** Forgets what is remembered where the lockdown is another one by now: for a process that could not hear of it. */
export async function lookForLockdown(app: App): Promise<boolean> {
  const [{ lockdown }, known] = await Promise.all([selectSettings(app.database.queries), readSettings(app)])
  const other = JSON.stringify(lockdownOf(lockdown)) !== JSON.stringify(known.lockdown)
  if (other) forget(app)
  return other
}

/** What was chosen, whatever a lockdown makes of it meanwhile: for the form that changes it. */
export async function chosenSettings(app: App): Promise<Settings> {
  const { joinMode, readMode } = fillIn((await selectSettings(app.database.queries)).settings)
  return { ...await readSettings(app), joinMode, readMode }
}

export const mayRunCommunity = (actor: Actor) => typeof actor === 'string' || actor.role === 'admin' || actor.role === 'owner'

/** Throws when somebody may not change how the community is run. */
export function demandAdmin(actor: Actor): void {
  if (!mayRunCommunity(actor)) throw notAllowed()
}

/** Changes what is given, leaves the rest. Only admins and the owner; on record. Throws a form error that names each bad field. */
export async function changeSettings(app: App, actor: Actor, patch: SettingsPatch): Promise<Settings> {
  demandAdmin(actor)
  await app.database.inTransaction((tx) => changeSettingsIn(app, tx, actor, patch))
  forget(app)
  return readSettings(app)
}

const byReference = new Set(['operator', 'contactEmail', 'terms', 'transparencyWords'])

/** The same within a transaction; the caller forgets afterwards (`settingsChanged`). */
export async function changeSettingsIn(app: App, tx: Tx, actor: Actor, patch: SettingsPatch): Promise<void> {
  const change = readPatch(patch)
  const before = fillIn((await lockSettings(tx)).settings)
  const changed = Object.keys(change).filter((key) => JSON.stringify(change[key as keyof typeof change]) !== JSON.stringify(before[key as keyof typeof before]))
  if (changed.length === 0) return
  await updateSettings(tx, { ...before, ...change }, app.now())
  await app.bus.publish(tx, { type: 'settings' })
  // Who runs it, their address and whole texts are not in rows that stay for ever: that they changed is.
  const short = (value: unknown) => String(typeof value === 'object' ? JSON.stringify(value) : value).slice(0, 200)
  await audit(app, tx, actor, 'settings.change', { kind: 'settings', id: 'settings' }, Object.fromEntries(changed.map((key) => [key, byReference.has(key) ? '…' : `${short(before[key as keyof typeof before])} → ${short(change[key as keyof typeof change])}`])))
}

/** Call after a commit that changed settings, rules or announcements in the caller's own transaction. */
export const settingsChanged = forget
