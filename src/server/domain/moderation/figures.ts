import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import type { Queries } from '#server/platform/db/index.ts'
import { countActive, countDecided, countInteractions, countNewMembers, countReports, countTagAccounts, countTagPosts, selectCohorts, selectLocales, selectSpace, selectTagLanguages } from './queries-figures.ts'
import type { Counted, ShareRow, Span } from './queries-figures.ts'
import { demandStaff } from './staff.ts'

const day = 86_400_000
const pace = { name: 'figures', most: 600, seconds: 300 }

export const measures = ['active_users', 'new_users', 'interactions', 'opened_reports', 'resolved_reports', 'tag_accounts', 'tag_uses'] as const
export type Measure = (typeof measures)[number]
/** What was counted on each day (UTC, oldest first), in all, and in as many days before; people are counted once in `total`. */
export type Measured = { key: Measure; total: number; before: number; days: { date: string; value: number }[] }

const counts: Record<Measure, (on: Queries, span: Span, tag: string) => Promise<Counted>> = {
  active_users: countActive, new_users: countNewMembers, interactions: countInteractions, opened_reports: countReports, resolved_reports: countDecided, tag_accounts: countTagAccounts, tag_uses: countTagPosts,
}

/** Days as a span: the last thirty where nothing is said, at most three months, both days included. */
export function spanOf(app: App, from: Date | null, to: Date | null, longest = 92): Span {
  const floor = (at: Date) => Math.floor(at.getTime() / day) * day
  const last = Math.min(floor(to ?? app.now()), floor(app.now()))
  const first = Math.max(from ? Math.min(floor(from), last) : last - 29 * day, last - (longest - 1) * day, 0)
  return between(first, last + day)
}
const between = (from: number, to: number): Span => ({ from: new Date(from), to: new Date(to), fromId: idAt(from), toId: idAt(to) })
const idAt = (ms: number) => String(BigInt(Math.max(0, ms)) << 16n)

/** Figures for those who moderate. `tag`: the folded name, for figures about one. */
export async function measure(app: App, moderator: Account, keys: Measure[], span: Span, tag: string): Promise<Measured[]> {
  demandStaff(moderator)
  await app.limits.use(pace, moderator.id)
  const length = span.to.getTime() - span.from.getTime()
  const earlier = between(span.from.getTime() - length, span.from.getTime())
  const on = app.database.queries
  return Promise.all([...new Set(keys)].map(async (key) => {
    const [now, before] = await Promise.all([counts[key](on, span, tag), counts[key](on, earlier, tag)])
    const by = new Map(now.days.map((row) => [row.day, row.count]))
    const days = Array.from({ length: length / day }, (_, at) => new Date(span.from.getTime() + at * day).toISOString().slice(0, 10))
    return { key, total: now.total, before: before.total, days: days.map((date) => ({ date, value: by.get(date) ?? 0 })) }
  }))
}

export const languagesOfMembers = async (app: App, moderator: Account, span: Span): Promise<ShareRow[]> => { demandStaff(moderator); return selectLocales(app.database.queries, span) }
export const languagesOfTag = async (app: App, moderator: Account, span: Span, tag: string): Promise<ShareRow[]> => { demandStaff(moderator); return selectTagLanguages(app.database.queries, span, tag) }
/** Bytes of the database and of media (each file once, as last counted), and the database's version. */
export const spaceUsed = async (app: App, moderator: Account): Promise<{ database: number; media: number; version: string }> => { demandStaff(moderator); return selectSpace(app.database.queries) }

/** Those who joined in one day or month: how many of them posted, boosted or liked in each period from then on. `rate` is their share. */
export type Cohort = { period: string; data: { date: string; rate: number; value: number }[] }

/** How many stay. By day at most 31 of them, by month at most 24. */
export async function retention(app: App, moderator: Account, from: Date | null, to: Date | null, frequency: 'day' | 'month'): Promise<Cohort[]> {
  demandStaff(moderator)
  await app.limits.use(pace, moderator.id)
  const asked = spanOf(app, from, to, frequency === 'day' ? 31 : 24 * 31)
  const span = frequency === 'day' ? asked : between(Date.UTC(asked.from.getUTCFullYear(), asked.from.getUTCMonth(), 1), asked.to.getTime())
  const rows = await selectCohorts(app.database.queries, span, frequency)
  const people = new Map(rows.map((row) => [`${row.joined} ${row.active}`, row.people]))
  const periods: string[] = []
  for (let at = span.from; at < span.to && periods.length < 31; at = frequency === 'day' ? new Date(at.getTime() + day) : new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1))) periods.push(at.toISOString().slice(0, 10))
  return periods.map((period, index) => {
    const size = people.get(`${period} `) ?? 0
    return { period, data: periods.slice(index).map((date) => { const value = people.get(`${period} ${date}`) ?? 0; return { date, rate: size ? value / size : 0, value } }) }
  })
}
