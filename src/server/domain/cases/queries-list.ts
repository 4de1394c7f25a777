import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import { severityWeights } from './priority.ts'
import type { CaseRow } from './queries.ts'
import type { CaseKind } from './types.ts'

/** The same as `priority`, in SQL, at one moment. */
const scoreOf = (at: Date) => sql`((${sql.raw(`array[${severityWeights.join(',')}]`)})[least(4, greatest(0, c.severity)) + 1]
  * (1 + log(1 + greatest(0, c.reach)) / 3.0) * (0.5 + least(1, greatest(0, c.record))) * (1 + ln(greatest(1, c.reports_count)) / ln(2) / 4)
  * (1 + 3 * greatest(0, extract(epoch from ${at}::timestamptz - c.created_at)) / greatest(1, extract(epoch from c.due_at - c.created_at))))::float8`

export type LineRow = Pick<CaseRow, 'id' | 'kind' | 'source' | 'account_id' | 'category' | 'summary' | 'severity' | 'clock' | 'due_at' | 'reports_count' | 'state' | 'outcome' | 'claimed_by_id' | 'claimed_until' | 'handed_to_id' | 'proposed_by_id' | 'version' | 'decided_at' | 'created_at'> & { excerpt: string; posts: number; score: number; trusted: boolean }
/** Nobody sees a case about themselves: who reported them stays unknown to moderators as well. */
const notAbout = (viewerId: AccountId) => sql`(c.account_id is null or c.account_id <> ${viewerId}::bigint) and not ${viewerId}::bigint = any(c.also_about)`
export type LineFilter = { viewer: AccountId; kind: CaseKind | null; mine: AccountId | null; categories: string[] | null; kinds: CaseKind[] }
const line = sql.raw(`c.id, c.kind, c.source, c.account_id, c.category, c.summary, c.severity, c.clock, c.due_at, c.reports_count, c.state, c.outcome, c.claimed_by_id, c.claimed_until, c.handed_to_id, c.proposed_by_id, c.version, c.decided_at, c.created_at,
  left(coalesce(nullif(c.evidence #>> '{posts,0,warning}', ''), nullif(c.evidence #>> '{posts,0,text}', ''), (select r.comment from reports r where r.case_id = c.id and r.comment <> '' order by r.id limit 1), ''), 240) as excerpt,
  (select count(*)::int from case_posts p where p.case_id = c.id) as posts, coalesce(c.details ->> 'trusted' = 'true', false) as trusted`)

/** Open ones, the most urgent first as of `at`; from below a score on. */
export async function selectQueue(on: Queries, filter: LineFilter, at: Date, below: { score: number; id: string } | null, limit: number): Promise<LineRow[]> {
  const { rows } = await sql<LineRow>`select * from (select ${line}, ${scoreOf(at)} as score from cases c where c.state = 'open' and ${notAbout(filter.viewer)} and c.kind = any(${filter.kinds}::text[])
      and (${filter.kind}::text is null or c.kind = ${filter.kind}::text) and (${filter.categories}::text[] is null or c.category = any(${filter.categories}::text[]))
      and (${filter.mine}::bigint is null or c.handed_to_id = ${filter.mine}::bigint or (c.claimed_by_id = ${filter.mine}::bigint and c.claimed_until > ${at}))) q
    where ${below?.score ?? null}::float8 is null or (q.score, -q.id) < (${below?.score ?? null}::float8, -${below?.id ?? '0'}::bigint) order by q.score desc, q.id limit ${limit}`.execute(on)
  return rows
}
export async function selectDone(on: Queries, viewer: AccountId, kinds: CaseKind[], before: string | null, limit: number): Promise<LineRow[]> {
  const { rows } = await sql<LineRow>`select ${line}, 0::float8 as score from cases c where c.state = 'decided' and ${notAbout(viewer)} and c.kind = any(${kinds}::text[]) and (${before}::bigint is null or c.id < ${before}::bigint) order by c.id desc limit ${limit}`.execute(on)
  return rows
}
export async function selectLines(on: Queries, viewer: AccountId, ids: string[]): Promise<LineRow[]> {
  const { rows } = await sql<LineRow>`select ${line}, 0::float8 as score from cases c where c.id = any(${ids}::bigint[]) and ${notAbout(viewer)}`.execute(on)
  return rows
}
export type CountRow = { kind: CaseKind; open: number; late: number }
export async function selectCounts(on: Queries, viewer: AccountId, now: Date): Promise<CountRow[]> {
  const { rows } = await sql<CountRow>`select kind, count(*)::int as open, count(*) filter (where due_at <= ${now})::int as late from cases c where state = 'open' and ${notAbout(viewer)} group by 1`.execute(on)
  return rows
}
/** What waits in other rooms gets its place on the desk; what was answered there leaves it. Twice is once. */
export async function reconcile(tx: Tx, newId: () => string, now: Date, minutes: number): Promise<void> {
  const { rows } = await sql<{ account_id: AccountId; kind: CaseKind; since: Date }>`
    select a.id as account_id, 'signup' as kind, a.created_at as since from accounts a where a.state = 'pending' and a.join_reason is not null and not exists (select 1 from cases c where c.kind = 'signup' and c.subject = 'account:' || a.id and c.state = 'open')
    union all select a.id, 'avatar', ${now}::timestamptz from accounts a where a.avatar_state = 'pending' and a.state in ('active', 'limited') and not exists (select 1 from cases c where c.kind = 'avatar' and c.subject = 'account:' || a.id and c.state = 'open')
    limit 200`.execute(tx)
  if (rows.length) await sql`insert into cases (id, kind, source, subject, account_id, category, severity, reports_count, clock, due_at, created_at)
    select x.id, x.kind, 'community', 'account:' || x.account_id, x.account_id, 'other', 1, 0, 'welcome', x.since + make_interval(mins => ${minutes}), x.since
    from unnest(${rows.map(newId)}::bigint[], ${rows.map((row) => row.kind)}::text[], ${rows.map((row) => row.account_id)}::bigint[], ${rows.map((row) => row.since)}::timestamptz[]) as x (id, kind, account_id, since) on conflict do nothing`.execute(tx)
  await sql`update cases c set state = 'decided', outcome = 'acted', decided_at = ${now}, keep_until = ${now}, claimed_by_id = null, claimed_until = null, version = version + 1 from accounts a
    where a.id = c.account_id and c.state = 'open' and ((c.kind = 'signup' and a.state <> 'pending') or (c.kind = 'avatar' and a.avatar_state <> 'pending'))`.execute(tx)
  // Reports that the version before this one took while both ran.
  await sql`with lost as (update reports set case_id = id where case_id is null and state = 'open' returning id, account_id, category, rule_id, evidence, created_at)
    insert into cases (id, kind, source, subject, account_id, category, rule_id, evidence, severity, reports_count, clock, due_at, created_at)
    select id, 'report', 'report', 'report:' || id, account_id, category, rule_id, evidence, 2, 1, 'rules', created_at + interval '3 days', created_at from lost on conflict do nothing`.execute(tx)
}
/** Cases whose time is nearly over while nobody is on them: each once. Newcomers, pictures and practice can wait. */
export async function takeAlarms(tx: Tx, now: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`update cases set alarmed_at = ${now} where id in (select id from cases where state = 'open' and alarmed_at is null and kind in ('report', 'hold', 'appeal', 'order')
    and ${now}::timestamptz > due_at - (due_at - created_at) / 4 and (claimed_until is null or claimed_until <= ${now}) order by due_at limit 100 for update skip locked) returning id`.execute(tx)
  return rows.map((row) => row.id)
}
