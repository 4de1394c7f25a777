import type { App } from '#server/app.ts'
import { invalidForm, notAllowed } from '#server/platform/errors.ts'
import { audit } from './audit.ts'
import { lockSettings, updateSettings } from './queries.ts'
import { fillIn } from './schema.ts'
import type { StoredSettings } from './schema.ts'
import { readSettings } from './settings.ts'
import { forget } from './state.ts'
import type { Actor } from './types.ts'

export type RaidDraft = { hours?: number; joinMode?: string; /** first posts wait for a person */ hold?: boolean; /** newcomers post neither links nor media */ bare?: boolean; why?: string }
const usual = { hours: 6, joinMode: 'approval' as const, hold: true, bare: true }
const modes = ['approval', 'invitation', 'closed'] as const
export const longestRaid = 72 // hours

/** Closes the door a little for some hours, and keeps newcomers small: whoever moderates may. It ends by itself; on record. Begun again, its end moves. Problems name `hours`, `joinMode`, `why`. */
export async function startRaid(app: App, actor: Actor, draft: RaidDraft = {}): Promise<void> {
  demandStaffActor(actor)
  const hours = draft.hours ?? usual.hours
  const joinMode = modes.find((one) => one === (draft.joinMode ?? usual.joinMode))
  const why = (draft.why ?? '').toWellFormed().replaceAll('\0', '').trim()
  if (!(hours >= 1 && hours <= longestRaid)) throw invalidForm([{ field: 'hours', message: 'error.notInRange', params: { least: 1, most: longestRaid } }])
  if (!joinMode) throw invalidForm([{ field: 'joinMode', message: 'error.choose' }])
  if (why.length > 500) throw invalidForm([{ field: 'why', message: 'error.tooLong', params: { most: 500 } }])
  const now = app.now()
  await change(app, async (before) => ({
    raid: { until: new Date(now.getTime() + hours * 3_600_000).toISOString(), joinMode, hold: draft.hold ?? usual.hold, bare: draft.bare ?? usual.bare, startedAt: isOn(before, now) ? before.raid!.startedAt : now.toISOString(), byId: typeof actor === 'string' ? null : actor.id, why },
    act: 'raid.start', details: { hours, joinMode, hold: draft.hold ?? usual.hold, bare: draft.bare ?? usual.bare, why },
  }), actor)
}

/** Ends it before its time. Twice is once. */
export async function endRaid(app: App, actor: Actor): Promise<void> {
  demandStaffActor(actor)
  await change(app, async (before) => (before.raid ? { raid: null, act: 'raid.end', details: { startedAt: before.raid.startedAt } } : null), actor)
}

/** Job: writes down that it is over. It has ended by then: its time alone decides. */
export async function closeOverRaid(app: App): Promise<void> {
  const { raidUntil } = await readSettings(app)
  if (!raidUntil || new Date(raidUntil) > app.now()) return
  await change(app, async (before) => (before.raid && !isOn(before, app.now()) ? { raid: null, act: 'raid.over', details: { startedAt: before.raid.startedAt } } : null), 'program')
}

const isOn = (settings: Pick<StoredSettings, 'raid'>, now: Date) => settings.raid !== null && new Date(settings.raid.until) > now

type Change = { raid: StoredSettings['raid']; act: string; details: Record<string, string | number | boolean> }
async function change(app: App, make: (before: StoredSettings) => Promise<Change | null>, actor: Actor): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    const before = fillIn((await lockSettings(tx)).settings)
    const made = await make(before)
    if (!made) return
    await updateSettings(tx, { ...before, raid: made.raid }, app.now())
    await app.bus.publish(tx, { type: 'settings' })
    if (made.act === 'raid.start') await app.record(tx, { type: 'raid.started' })
    await audit(app, tx, actor, made.act, { kind: 'settings', id: 'raid' }, made.details)
  })
  forget(app)
}

function demandStaffActor(actor: Actor): void {
  if (typeof actor !== 'string' && actor.role === 'member') throw notAllowed()
}
