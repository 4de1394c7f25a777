import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { selectActiveDays, selectJoinDays, selectMembersCount, selectPostDays, selectWaitingCounts } from './queries-stats.ts'
import type { DayRow, WaitingCounts } from './queries-stats.ts'
import { demandStaff } from './staff.ts'

export type Stats = { days: string[]; members: number[]; posts: number[]; active: number[] }
const day = 86_400_000
const keepFor = 60_000

/** Members (at the day's end), posts and active people on each of the last 90 days (UTC), oldest first. At most a minute old. */
export async function communityStats(app: App, moderator: Account, length = 90): Promise<Stats> {
  demandStaff(moderator)
  const key = `moderation.stats.${length}`
  const known = app.caches.get(key) as { at: number; stats: Promise<Stats> } | undefined
  if (known && Math.abs(app.now().getTime() - known.at) < keepFor) return known.stats
  const stats = read(app, length)
  app.caches.set(key, { at: app.now().getTime(), stats })
  stats.catch(() => app.caches.delete(key))
  return stats
}

async function read(app: App, length: number): Promise<Stats> {
  const today = Math.floor(app.now().getTime() / day)
  const days = Array.from({ length }, (_, at) => new Date((today - length + 1 + at) * day).toISOString().slice(0, 10))
  const fromId = (BigInt((today - length + 1) * day) << 16n).toString()
  const on = app.database.queries
  const [posts, joined, active, total] = await Promise.all([selectPostDays(on, fromId), selectJoinDays(on, fromId), selectActiveDays(on, fromId), selectMembersCount(on)])
  const spread = (rows: DayRow[]) => { const by = new Map(rows.map((row) => [row.day, row.count])); return days.map((one) => by.get(one) ?? 0) }
  const joins = spread(joined)
  let members = total
  const membersBy: number[] = Array.from({ length })
  for (let at = length - 1; at >= 0; at--) { membersBy[at] = members; members -= joins[at]! }
  return { days, members: membersBy, posts: spread(posts), active: spread(active) }
}

/** What waits for those who moderate. */
export async function waitingCounts(app: App, moderator: Account): Promise<WaitingCounts> {
  demandStaff(moderator)
  return selectWaitingCounts(app.database.queries, moderator.id)
}
