import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { Period } from './queries.ts'

/** The Monday (UTC) that a moment's week begins with, as '2026-11-23'. */
const week = (column: string) => sql.raw(`date_trunc('week', ${column} at time zone 'UTC')::date::text`)

export type WeekCounts = { week: string; rules: number; members: number; outsiders: number }
export async function selectReportWeeks(on: Queries, period: Period): Promise<WeekCounts[]> {
  const { rows } = await sql<WeekCounts>`select ${week('r.created_at')} as week, count(*) filter (where r.door = 'rules')::int as rules, count(*) filter (where r.door <> 'rules' and r.token_hash is null)::int as members,
      count(*) filter (where r.door <> 'rules' and r.token_hash is not null)::int as outsiders
    from reports r where r.id >= ${period.fromId} and r.id < ${period.toId} group by 1`.execute(on)
  return rows
}
export type WeekTimes = { week: string; median: number; p90: number }
/** Hours until somebody looked, of what came in that week; what nobody has looked at yet is not in it. Orders have a clock of their own. */
export async function selectTouchWeeks(on: Queries, period: Period): Promise<WeekTimes[]> {
  const { rows } = await sql<WeekTimes>`select ${week('created_at')} as week, percentile_cont(0.5) within group (order by hours) as median, percentile_cont(0.9) within group (order by hours) as p90
    from (select created_at, extract(epoch from coalesce(first_touched_at, decided_at) - created_at)::float8 / 3600 as hours from cases where id >= ${period.fromId} and id < ${period.toId} and kind <> 'practice' and source <> 'community') c
    where hours is not null group by 1`.execute(on)
  return rows
}
/** Hours until it was decided, of what was decided that week. */
export async function selectDecideWeeks(on: Queries, period: Period): Promise<WeekTimes[]> {
  const { rows } = await sql<WeekTimes>`select ${week('decided_at')} as week, percentile_cont(0.5) within group (order by extract(epoch from decided_at - created_at)) / 3600 as median,
      percentile_cont(0.9) within group (order by extract(epoch from decided_at - created_at)) / 3600 as p90
    from cases where state = 'decided' and decided_at >= ${period.from} and decided_at < ${period.to} and kind <> 'practice' and source <> 'community' group by 1`.execute(on)
  return rows
}
/**
 * What was open from one of these moments (a number from 0 on) until before another, by what is open now and what was decided since the
 * first of them: each case is read once, however many moments there are.
 */
export async function selectOpenSpans(on: Queries, moments: Date[]): Promise<{ first: number; end: number; count: number }[]> {
  // How many moments are before it.
  const before = (column: string) => sql`width_bucket(${sql.ref(column)} - interval '1 microsecond', ${moments.map((one) => one.toISOString())}::timestamptz[])`
  const { rows } = await sql<{ first: number; end: number; count: number }>`select ${before('created_at')} as first, ${moments.length}::int as end, count(*)::int as count from cases where state = 'open' and kind <> 'practice' group by 1
    union all select ${before('created_at')}, ${before('decided_at')}, count(*)::int from cases where state = 'decided' and decided_at > ${moments[0]!} and kind <> 'practice' and source <> 'community' group by 1, 2`.execute(on)
  return rows
}
export type WeekDecided = { week: string; made: number; reversed: number }
/** Decisions against somebody that were made that week, and how many of them stand no more because somebody changed their mind or an objection was right. */
export async function selectReversedWeeks(on: Queries, period: Period, acts: string[]): Promise<WeekDecided[]> {
  const { rows } = await sql<WeekDecided>`select ${week('d.created_at')} as week, count(*)::int as made, count(*) filter (where d.reversed_by_id is not null and exists (select from decisions r where r.id = d.reversed_by_id and r.moderator_id is not null))::int as reversed
    from decisions d where d.id >= ${period.fromId} and d.id < ${period.toId} and d.undone_at is null and d.act = any(${acts}::text[]) group by 1`.execute(on)
  return rows
}
export type RepeatRow = { account_id: AccountId; decisions: number; weight: number; last_at: Date; suspended: number }
/** Who was decided on more than once, by what counts now. Never the one who asks. */
export async function selectRepeat(on: Queries, period: Period, acts: string[], viewerId: string, most: number): Promise<RepeatRow[]> {
  const { rows } = await sql<RepeatRow>`select account_id, count(*)::int as decisions, coalesce(sum(strike) filter (where strike_ends_at is null or strike_ends_at > ${period.to}), 0)::int as weight, max(created_at) as last_at, count(*) filter (where act = 'suspend')::int as suspended
    from decisions where id >= ${period.fromId} and id < ${period.toId} and undone_at is null and reversed_by_id is null and act = any(${acts}::text[]) and account_id <> ${viewerId}
    group by 1 having count(*) > 1 order by weight desc, decisions desc, last_at desc limit ${most}`.execute(on)
  return rows
}
export type LoadRow = { account_id: AccountId; decided: number; hours: number | null; reversed: number; looked: number; hard: number; days: number }
/** What each moderator did: cases decided, cases looked at (hard ones apart), on how many days, decisions that stand no more. */
export async function selectLoad(on: Queries, period: Period, acts: string[]): Promise<LoadRow[]> {
  const { rows } = await sql<LoadRow>`with decided as (select decided_by_id as id, count(*)::int as decided, percentile_cont(0.5) within group (order by extract(epoch from decided_at - coalesce(first_touched_at, created_at))) / 3600 as hours
        from cases where state = 'decided' and decided_at >= ${period.from} and decided_at < ${period.to} and decided_by_id is not null and kind <> 'practice' group by 1),
      looked as (select account_id as id, count(*)::int as looked, count(*) filter (where hard)::int as hard, count(distinct day)::int as days from moderator_days where day >= (${period.from}::timestamptz at time zone 'UTC')::date group by 1),
      turned as (select d.moderator_id as id, count(*)::int as reversed from decisions d join decisions r on r.id = d.reversed_by_id and r.moderator_id is not null where d.id >= ${period.fromId} and d.id < ${period.toId} and d.undone_at is null and d.act = any(${acts}::text[]) and d.moderator_id is not null group by 1)
    select a.id as account_id, coalesce(d.decided, 0) as decided, d.hours, coalesce(t.reversed, 0) as reversed, coalesce(l.looked, 0) as looked, coalesce(l.hard, 0) as hard, coalesce(l.days, 0) as days
    from accounts a left join decided d on d.id = a.id left join looked l on l.id = a.id left join turned t on t.id = a.id
    where (a.role <> 'member' and a.state = 'active') or d.id is not null order by decided desc, looked desc, a.id limit 200`.execute(on)
  return rows
}
export type FalseRow = { reporter_id: AccountId; decided: number; upheld: number; about: number; most_about_id: AccountId; most_about: number }
/** Reporters of whose reports hardly any led to something: at least five, one of five or fewer. Reports about the one who asks are left out: nobody hears who reported them. */
export async function selectFalse(on: Queries, period: Period, viewerId: string, most: number): Promise<FalseRow[]> {
  const { rows } = await sql<FalseRow>`select reporter_id, sum(n)::int as decided, sum(upheld)::int as upheld, count(*)::int as about, (array_agg(account_id order by n desc, account_id))[1] as most_about_id, max(n)::int as most_about
    from (select reporter_id, account_id, count(*) as n, count(*) filter (where state = 'resolved' and invalid_at is null) as upheld from reports
      where id >= ${period.fromId} and id < ${period.toId} and state <> 'open' and reporter_id is not null and reporter_id <> ${viewerId} and account_id <> ${viewerId} group by 1, 2) r
    group by 1 having sum(n) >= 5 and sum(upheld) * 5 <= sum(n) order by decided desc, reporter_id limit ${most}`.execute(on)
  return rows
}
export type CrowdRow = { account_id: AccountId; day: string; reporters: number; reports: number }
/** Days on which three or more people reported the same account and nothing was wrong: a crowd against somebody, it may be. */
export async function selectCrowds(on: Queries, period: Period, viewerId: string, most: number): Promise<CrowdRow[]> {
  const { rows } = await sql<CrowdRow>`select account_id, (created_at at time zone 'UTC')::date::text as day, count(distinct reporter_id)::int as reporters, count(*)::int as reports from reports
    where id >= ${period.fromId} and id < ${period.toId} and reporter_id is not null and account_id <> ${viewerId} group by 1, 2 having count(distinct reporter_id) >= 3 and bool_and(state = 'dismissed') order by day desc, account_id limit ${most}`.execute(on)
  return rows
}
export type PreciseRow = { key: string; kind: 'rule' | 'list'; name: string; state: string; fired: number; right: number; wrong: number }
/** How often each rule answered, and what people said of it; and the same of each list of files. */
export async function selectPrecision(on: Queries, since: Date): Promise<PreciseRow[]> {
  const { rows } = await sql<PreciseRow>`select 'rule' || r.id as key, 'rule' as kind, r.name, r.state, coalesce(sum(c.fired), 0)::int as fired, coalesce(sum(c.judged_right), 0)::int as right, coalesce(sum(c.judged_wrong), 0)::int as wrong
      from screening_rules r left join screening_counts c on c.rule_id = r.id and c.day >= (${since}::timestamptz at time zone 'UTC')::date where r.removed_at is null group by r.id
    union all select 'list' || l.id, 'list', l.name, case when l.enabled then 'on' else 'off' end, count(m.id)::int, count(*) filter (where m.judged = 'right')::int, count(*) filter (where m.judged = 'wrong')::int
      from hash_lists l join hash_entries e on e.list_id = l.id join media_matches m on m.entry_id = e.id and m.created_at >= ${since} group by l.id
    order by fired desc, name limit 200`.execute(on)
  return rows
}
