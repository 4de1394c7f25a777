import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { DayRow } from './queries-stats.ts'

/** From the first moment of the first day to the last of the last (UTC); ids of that time lie from `fromId` up to below `toId`. */
export type Span = { from: Date; to: Date; fromId: string; toId: string }
/** Days with what was counted, and the whole; people are counted once in the whole. */
export type Counted = { days: DayRow[]; total: number }

const dayOf = (column: string) => sql.raw(`(${column} at time zone 'UTC')::date`)
async function perDay(on: Queries, rowsOf: ReturnType<typeof sql>): Promise<Counted> {
  const { rows } = await sql<{ day: string | null; count: number }>`select day::text as day, count(distinct what)::int as count from (${rowsOf}) r group by rollup (day)`.execute(on)
  return { days: rows.flatMap((row) => row.day === null ? [] : [{ day: row.day, count: row.count }]), total: rows.find((row) => row.day === null)?.count ?? 0 }
}

export const countNewMembers = (on: Queries, span: Span) => perDay(on, sql`select ${dayOf('created_at')} as day, id as what from accounts where id >= ${span.fromId} and id < ${span.toId} and state in ('active', 'limited', 'suspended')`)
/** People who posted, boosted or liked. */
export const countActive = (on: Queries, span: Span) => perDay(on, sql`select ${dayOf('created_at')} as day, author_id as what from posts where id >= ${span.fromId} and id < ${span.toId}
  union all select ${dayOf('created_at')}, account_id from likes where id >= ${span.fromId} and id < ${span.toId}`)
/** Likes, boosts and replies. */
export const countInteractions = (on: Queries, span: Span) => perDay(on, sql`select ${dayOf('created_at')} as day, id as what from posts where id >= ${span.fromId} and id < ${span.toId} and deleted_at is null and (boost_of_id is not null or reply_to_id is not null)
  union all select ${dayOf('created_at')}, id from likes where id >= ${span.fromId} and id < ${span.toId}`)
export const countReports = (on: Queries, span: Span) => perDay(on, sql`select ${dayOf('created_at')} as day, id as what from reports where id >= ${span.fromId} and id < ${span.toId}`)
export const countDecided = (on: Queries, span: Span) => perDay(on, sql`select ${dayOf('decided_at')} as day, id as what from reports where decided_at >= ${span.from} and decided_at < ${span.to}`)
const tagged = (span: Span, tag: string) => sql`from post_tags pt join tags t on t.id = pt.tag_id join posts p on p.id = pt.post_id where t.name = ${tag} and pt.post_id >= ${span.fromId} and pt.post_id < ${span.toId} and p.deleted_at is null and p.state = 'published'`
export const countTagPosts = (on: Queries, span: Span, tag: string) => perDay(on, sql`select ${dayOf('p.created_at')} as day, p.id as what ${tagged(span, tag)}`)
export const countTagAccounts = (on: Queries, span: Span, tag: string) => perDay(on, sql`select ${dayOf('p.created_at')} as day, pt.author_id as what ${tagged(span, tag)}`)

export type ShareRow = { key: string; value: number }
/** Which language those who were active read the pages in. */
export async function selectLocales(on: Queries, span: Span): Promise<ShareRow[]> {
  const { rows } = await sql<ShareRow>`select a.locale as key, count(*)::int as value from accounts a where a.state in ('active', 'limited')
    and (exists (select 1 from posts p where p.author_id = a.id and p.id >= ${span.fromId} and p.id < ${span.toId}) or exists (select 1 from likes l where l.account_id = a.id and l.id >= ${span.fromId} and l.id < ${span.toId}))
    group by 1 order by 2 desc, 1 limit 20`.execute(on)
  return rows
}
export async function selectTagLanguages(on: Queries, span: Span, tag: string): Promise<ShareRow[]> {
  const { rows } = await sql<ShareRow>`select coalesce(p.language, 'und') as key, count(*)::int as value ${tagged(span, tag)} group by 1 order by 2 desc, 1 limit 50`.execute(on)
  return rows
}
export async function selectSpace(on: Queries): Promise<{ database: number; media: number; version: string }> {
  const { rows } = await sql<{ database: number; media: number; version: string }>`select pg_database_size(current_database())::float8 as database,
    coalesce((select distinct_bytes::float8 from media_counted), 0) as media, current_setting('server_version') as version`.execute(on)
  return rows[0]!
}

export type CohortRow = { joined: string; active: string; people: number }
/** Of those who joined in each period, how many posted, boosted or liked in it and in each later one. Sizes are rows whose `active` is ''. */
export async function selectCohorts(on: Queries, span: Span, frequency: 'day' | 'month'): Promise<CohortRow[]> {
  const period = (column: string) => sql`date_trunc(${frequency}, ${sql.raw(column)} at time zone 'UTC')::date::text`
  const { rows } = await sql<CohortRow>`with joined as materialized (select id, ${period('created_at')} as period from accounts where id >= ${span.fromId} and id < ${span.toId} and state in ('active', 'limited', 'suspended')),
    acts as (select p.author_id as who, ${period('p.created_at')} as period from posts p join joined j on j.id = p.author_id where p.id >= ${span.fromId} and p.id < ${span.toId}
      union select l.account_id, ${period('l.created_at')} from likes l join joined j on j.id = l.account_id where l.id >= ${span.fromId} and l.id < ${span.toId})
    select period as joined, '' as active, count(*)::int as people from joined group by 1
    union all select j.period, a.period, count(*)::int from joined j join acts a on a.who = j.id group by 1, 2`.execute(on)
  return rows
}
