import type { App } from '#server/app.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { tellMany } from '#server/domain/notifications/index.ts'
import { alikeNewcomers } from '#server/domain/screening/index.ts'
import { selectSignUps } from './queries-branches.ts'
import { selectStaff } from './queries-members.ts'

const hour = 3_600_000
/** In an hour: so many sign-ups, and so many times the usual; so many new accounts that say nearly the same. */
const surge = { signUps: 10, times: 6, alike: 5 }

export type RaidSign = { what: 'joins' | 'alike'; count: number }

/** What looks like a raid now; null for a calm hour. */
export async function raidSign(app: App): Promise<RaidSign | null> {
  const now = app.now().getTime()
  const [joins, alike] = await Promise.all([selectSignUps(app.database.queries, new Date(now - hour), new Date(now - 14 * 24 * hour)), alikeNewcomers(app, new Date(now - hour), new Date(now - 7 * 24 * hour))])
  if (alike >= surge.alike) return { what: 'alike', count: alike }
  const usual = joins.before / (14 * 24)
  return joins.now >= surge.signUps && joins.now >= usual * surge.times ? { what: 'joins', count: joins.now } : null
}

/** Job: suggests the switch to those who moderate, once in six hours, while it is off. A person decides. */
export async function watchForRaid(app: App): Promise<void> {
  if ((await readSettings(app)).raid) return
  const sign = await raidSign(app)
  if (sign) await tellStaffOfRaid(app, { raid: sign.what, count: String(sign.count) }, `raid-${sign.what}:${Math.floor(app.now().getTime() / (6 * hour))}`)
}

/** The event raid.started: everybody who moderates knows. Twice is once. */
export async function tellOfRaid(app: App): Promise<void> {
  const { raid } = await readSettings(app)
  if (raid) await tellStaffOfRaid(app, { raid: 'on' }, `raid-on:${raid.startedAt}`, raid.byId)
}

async function tellStaffOfRaid(app: App, data: Record<string, string>, group: string, except: string | null = null): Promise<void> {
  const staff = (await selectStaff(app.database.queries)).filter((id) => id !== except)
  await tellMany(app, staff.map((to) => ({ to, kind: 'report' as const, data, group })))
}
