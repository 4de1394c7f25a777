import type { App } from '#server/app.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import type { Account, AccountId, AccountView } from '#server/domain/accounts/index.ts'
import { demandStaff } from '#server/domain/cases/index.ts'
import { counts } from './count.ts'
import { selectOpenSpans, selectCrowds, selectDecideWeeks, selectFalse, selectLoad, selectPrecision, selectRepeat, selectReportWeeks, selectReversedWeeks, selectTouchWeeks } from './queries-weeks.ts'
import type { CrowdRow, FalseRow, LoadRow, PreciseRow, RepeatRow } from './queries-weeks.ts'
import type { Period } from './queries.ts'
import { kept, periodOf } from './report.ts'

const day = 86_400_000
const length = 26
const keepFor = 5 * 60_000

type Named<Row, Key extends string> = Omit<Row, Key> & { account: AccountView }
/** How moderation goes, by the week (Mondays, UTC, the oldest first; the last one goes on). Hours are null where nothing was. */
export type Goings = {
  weeks: string[]
  reports: { rules: number[]; members: number[]; outsiders: number[] }
  touched: { median: (number | null)[]; p90: (number | null)[] }
  decided: { median: (number | null)[]; p90: (number | null)[] }
  /** open at each week's end, or now */
  backlog: number[]
  reversed: { made: number[]; reversed: number[] }
  precision: PreciseRow[]
  load: Named<LoadRow, 'account_id'>[]
  repeat: (Named<RepeatRow, 'account_id' | 'last_at'> & { lastAt: string })[]
  false: (Omit<FalseRow, 'reporter_id' | 'most_about_id'> & { account: AccountView; mostAbout: AccountView | null })[]
  crowds: Named<CrowdRow, 'account_id'>[]
}

/** The last half year in figures, for those who moderate; at most five minutes old. What concerns the one who asks is left out. */
export async function howModerationGoes(app: App, moderator: Account): Promise<Goings> {
  demandStaff(moderator)
  // What is the same for everybody is counted once for all.
  const [shared, own] = await Promise.all([kept(app, 'weeks', () => readShared(app), keepFor), kept(app, `weeks ${moderator.id}`, () => readOwn(app, moderator), keepFor)])
  return { ...shared, ...own }
}

const byId = (rows: { account_id: AccountId }[]) => rows.map((row) => row.account_id)
const named = <Row extends { account_id: string }>(people: Map<string, AccountView>, rows: Row[]) => rows.flatMap(({ account_id, ...row }) => { const account = people.get(account_id); return account ? [{ ...row, account }] : [] })

function spanOf(app: App): { starts: Date[]; period: Period; month: Period } {
  const now = app.now()
  // 1 January 1970 was a Thursday.
  const monday = Math.floor((now.getTime() / day + 3) / 7) * 7 - 3
  const starts = Array.from({ length }, (_, at) => new Date((monday - (length - 1 - at) * 7) * day))
  const period = periodOf(starts[0]!, new Date(now.getTime() + 1))
  return { starts, period, month: periodOf(new Date(now.getTime() - 28 * day), period.to) }
}

async function readShared(app: App): Promise<Omit<Goings, OwnPart>> {
  const { starts, period, month } = spanOf(app)
  const weeks = starts.map((one) => one.toISOString().slice(0, 10))
  const ends = starts.map((one) => new Date(Math.min(one.getTime() + 7 * day, app.now().getTime())))
  const on = app.database.queries
  const [reports, touched, decided, spans, reversed, precision, load] = await Promise.all([
    selectReportWeeks(on, period), selectTouchWeeks(on, period), selectDecideWeeks(on, period), selectOpenSpans(on, ends), selectReversedWeeks(on, period, counts), selectPrecision(on, period.from), selectLoad(on, month, counts),
  ])
  const people = await accountViews(app, byId(load))
  const spread = <Row extends { week: string }, Value>(rows: Row[], value: (row: Row) => Value, none: Value): Value[] => { const by = new Map(rows.map((row) => [row.week, row])); return weeks.map((one) => { const row = by.get(one); return row ? value(row) : none }) }
  return {
    weeks, reports: { rules: spread(reports, (row) => row.rules, 0), members: spread(reports, (row) => row.members, 0), outsiders: spread(reports, (row) => row.outsiders, 0) },
    touched: { median: spread(touched, (row) => row.median as number | null, null), p90: spread(touched, (row) => row.p90 as number | null, null) },
    decided: { median: spread(decided, (row) => row.median as number | null, null), p90: spread(decided, (row) => row.p90 as number | null, null) },
    backlog: ends.map((_, at) => spans.reduce((sum, span) => sum + (span.first <= at && at < span.end ? span.count : 0), 0)),
    reversed: { made: spread(reversed, (row) => row.made, 0), reversed: spread(reversed, (row) => row.reversed, 0) },
    precision, load: named(people, load),
  }
}

type OwnPart = 'repeat' | 'false' | 'crowds'
async function readOwn(app: App, viewer: Account): Promise<Pick<Goings, OwnPart>> {
  const { period } = spanOf(app)
  const on = app.database.queries
  const [repeat, bad, crowds] = await Promise.all([selectRepeat(on, period, counts, viewer.id, 20), selectFalse(on, period, viewer.id, 20), selectCrowds(on, period, viewer.id, 20)])
  const people = await accountViews(app, [...new Set([...byId(repeat), ...byId(crowds), ...bad.flatMap((row) => [row.reporter_id, row.most_about_id])])])
  return {
    crowds: named(people, crowds),
    repeat: named(people, repeat).map(({ last_at, ...row }) => ({ ...row, lastAt: last_at.toISOString() })),
    false: bad.flatMap(({ reporter_id, most_about_id, ...row }) => { const account = people.get(reporter_id); return account ? [{ ...row, account, mostAbout: people.get(most_about_id) ?? null }] : [] }),
  }
}
