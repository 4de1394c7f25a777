import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

/** From the first moment up to below the last (UTC); ids of that time lie from `fromId` up to below `toId`. */
export type Period = { from: Date; to: Date; fromId: string; toId: string }
/** `door`: rules, law by a member, law by somebody outside. */
export type Door = 'rules' | 'members' | 'outsiders'
const door = sql.raw(`case when r.door = 'rules' then 'rules' when r.token_hash is null then 'members' else 'outsiders' end`)

/** Reports and notices that came in, by their ids; each is counted once, and those about the law with how many posts or profiles they named. */
export async function selectReceived(on: Queries, period: Period): Promise<{ door: Door; category: string; count: number; items: number }[]> {
  const { rows } = await sql<{ door: Door; category: string; count: number; items: number }>`select ${door} as door, r.category, count(*)::int as count,
      sum(case when r.door = 'rules' then 0 else greatest(1, (select count(*) from report_posts p where p.report_id = r.id)) end)::int as items
    from reports r where r.id >= ${period.fromId} and r.id < ${period.toId} group by 1, 2`.execute(on)
  return rows
}
/** Those that were answered. Hours from the report to the answer: the middle one, and the one that nine of ten didn't exceed. */
export async function selectAnswered(on: Queries, period: Period): Promise<{ law: boolean; category: string | null; acted: number; dismissed: number; median: number; p90: number }[]> {
  const { rows } = await sql<{ law: boolean; category: string | null; acted: number; dismissed: number; median: number; p90: number }>`select r.door <> 'rules' as law, r.category,
      count(*) filter (where r.state = 'resolved')::int as acted, count(*) filter (where r.state = 'dismissed')::int as dismissed,
      percentile_cont(0.5) within group (order by extract(epoch from r.decided_at - r.created_at)) / 3600 as median, percentile_cont(0.9) within group (order by extract(epoch from r.decided_at - r.created_at)) / 3600 as p90
    from reports r where r.decided_at >= ${period.from} and r.decided_at < ${period.to} and r.state <> 'open' group by grouping sets ((1, 2), (1))`.execute(on)
  return rows
}
/** What was decided against somebody and not taken back as a slip; `origin`: what it began with. What an authority ordered is counted with the orders. */
export type DecidedRow = { origin: 'notices' | 'own'; law: boolean; act: string; category: string; how: 'alone' | 'noticed' | 'person'; count: number }
export async function selectDecided(on: Queries, period: Period, acts: string[]): Promise<DecidedRow[]> {
  const { rows } = await sql<DecidedRow>`select case when d.source_type = 'VOLUNTARY' then 'own' else 'notices' end as origin, d.ground = 'law' as law, d.act, d.category,
      case when d.automated then 'alone' when d.detected_by_machine then 'noticed' else 'person' end as how, count(*)::int as count
    from decisions d where d.id >= ${period.fromId} and d.id < ${period.toId} and d.undone_at is null and d.act = any(${acts}::text[])
      and not exists (select from cases c where c.id = d.case_id and c.source = 'order') group by 1, 2, 3, 4, 5`.execute(on)
  return rows
}
/** What rules did by themselves, from the record: it is kept for ever, unlike the lines of single hits. */
export async function selectOutcomes(on: Queries, period: Period): Promise<{ outcome: string; count: number }[]> {
  const { rows } = await sql<{ outcome: string; count: number }>`select coalesce(details->>'outcome', '') as outcome, count(*)::int as count from audit_log
    where act = 'screening.outcome' and id >= ${period.fromId} and id < ${period.toId} group by 1`.execute(on)
  return rows
}
/** What people said of what rules had put on the desk. */
export async function selectJudged(on: Queries, period: Period): Promise<{ right: number; wrong: number }> {
  const { rows } = await sql<{ right: number; wrong: number }>`select count(*) filter (where outcome = 'acted')::int as right, count(*) filter (where outcome = 'dismissed')::int as wrong
    from cases where state = 'decided' and decided_at >= ${period.from} and decided_at < ${period.to} and source = 'screening' and kind <> 'appeal'`.execute(on)
  return rows[0]!
}
export async function selectObjected(on: Queries, period: Period): Promise<{ authors: number; reporters: number }> {
  const { rows } = await sql<{ authors: number; reporters: number }>`select count(decision_id)::int as authors, count(report_id)::int as reporters from appeals where id >= ${period.fromId} and id < ${period.toId}`.execute(on)
  return rows[0]!
}
export type AppealRow = { who: 'authors' | 'reporters' | null; upheld: number; overturned: number; partly: number; median: number | null }
/** Objections that were answered; the row without `who` is the whole. */
export async function selectAppeals(on: Queries, period: Period): Promise<AppealRow[]> {
  const { rows } = await sql<AppealRow>`select who, count(*) filter (where state = 'upheld')::int as upheld, count(*) filter (where state = 'overturned')::int as overturned, count(*) filter (where state = 'partly')::int as partly, percentile_cont(0.5) within group (order by hours) as median
    from (select case when decision_id is null then 'reporters' else 'authors' end as who, state, extract(epoch from decided_at - created_at) / 3600 as hours from appeals
      where decided_at >= ${period.from} and decided_at < ${period.to} and state in ('upheld', 'overturned', 'partly')) a group by rollup (who)`.execute(on)
  return rows
}
/** Who was not heard as a reporter for a while, from the record. */
export async function countPaused(on: Queries, period: Period): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from audit_log where act = 'reporter.pause' and id >= ${period.fromId} and id < ${period.toId}`.execute(on)
  return rows[0]!.count
}
export async function selectStaffLanguages(on: Queries): Promise<{ people: number; languages: string[] }> {
  const { rows } = await sql<{ people: number; languages: string[] | null }>`select count(distinct a.id)::int as people, array_agg(distinct l.language order by l.language) as languages
    from accounts a, lateral (values (a.locale), (split_part(a.default_language, '-', 1))) l (language) where a.role <> 'member' and a.state = 'active' and l.language <> ''`.execute(on)
  return { people: rows[0]?.people ?? 0, languages: rows[0]?.languages ?? [] }
}
/** When there was first something to count; null: never. */
export async function selectFirst(on: Queries): Promise<Date | null> {
  const { rows } = await sql<{ id: string | null }>`select least((select min(id) from reports), (select min(id) from decisions), (select min(id) from orders), (select min(id) from audit_log)) as id`.execute(on)
  return rows[0]?.id ? new Date(Number(BigInt(rows[0].id) >> 16n)) : null
}
