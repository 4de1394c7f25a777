import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { RuleDefinition } from './rule.ts'
import type { Reason } from './types.ts'

export type RunSample = { postId: string; reasons: Reason[] }
export type RunRow = { id: string; rule_id: string | null; name: string; definition: RuleDefinition; state: 'waiting' | 'running' | 'done' | 'failed'; since: Date; cursor: string; done: number; total: number; found: number; sample: RunSample[]; by_id: AccountId | null; started_at: Date; ended_at: Date | null }
const columns = sql.raw('id, rule_id, name, definition, state, since, cursor::text as cursor, done, total, found, sample, by_id, started_at, ended_at')

export async function insertRun(tx: Tx, run: { id: string; ruleId: string | null; name: string; definition: RuleDefinition; since: Date; cursor: string; byId: AccountId; at: Date }): Promise<void> {
  await sql`insert into screening_runs (id, rule_id, name, definition, since, cursor, by_id, started_at, total)
    values (${run.id}, ${run.ruleId}, ${run.name}, ${JSON.stringify(run.definition)}::jsonb, ${run.since}, ${run.cursor}, ${run.byId}, ${run.at},
      (select count(*)::int from posts p where p.id > ${run.cursor}::bigint and p.deleted_at is null and p.boost_of_id is null and p.audience <> 'mentioned' and p.state in ('published', 'held', 'removed')))`.execute(tx)
  await sql`delete from screening_runs where id in (select id from screening_runs order by id desc offset 100)`.execute(tx)
}
export async function selectRun(on: Queries, id: string): Promise<RunRow | undefined> {
  const { rows } = await sql<RunRow>`select ${columns} from screening_runs where id = ${id}`.execute(on)
  return rows[0]
}
/** The newest run of a rule. */
export async function selectLastRun(on: Queries, ruleId: string): Promise<RunRow | undefined> {
  const { rows } = await sql<RunRow>`select ${columns} from screening_runs where rule_id = ${ruleId} order by id desc limit 1`.execute(on)
  return rows[0]
}
export async function updateRun(on: Queries, id: string, now: { state: RunRow['state']; cursor: string; done: number; found: number; sample: RunSample[]; endedAt: Date | null }): Promise<void> {
  await sql`update screening_runs set state = ${now.state}, cursor = ${now.cursor}, done = ${now.done}, total = greatest(total, ${now.done}), found = ${now.found}, sample = ${JSON.stringify(now.sample)}::jsonb, ended_at = ${now.endedAt} where id = ${id}`.execute(on)
}

export type AuthorRow = { id: AccountId; created_at: Date; role: 'member' | 'moderator' | 'admin' | 'owner'; invited_by_id: AccountId | null }
export async function selectAuthors(on: Queries, ids: string[]): Promise<AuthorRow[]> {
  const { rows } = await sql<AuthorRow>`select id, created_at, role, invited_by_id from accounts where id = any(${ids}::bigint[])`.execute(on)
  return rows
}
/** For each of these posts: what its author had posted before, in ten minutes and ever (as far as it matters), and what was decided against them. */
export async function selectThen(on: Queries, postIds: string[]): Promise<Map<string, { pace: number; approved: number; upheld: number }>> {
  const { rows } = await sql<{ id: string; pace: number; approved: number; upheld: number }>`select p.id,
      (select count(*)::int from (select from posts b where b.author_id = p.author_id and b.id < p.id and b.id > p.id - (600000::bigint << 16) and b.deleted_at is null and b.state = 'published' limit 200) x) as pace,
      (select count(*)::int from (select from posts b where b.author_id = p.author_id and b.id < p.id and b.deleted_at is null and b.state = 'published' limit 60) x) as approved,
      (select count(*)::int from decisions d where d.account_id = p.author_id and d.created_at < p.created_at and d.created_at > p.created_at - interval '183 days' and d.reversed_by_id is null and d.undone_at is null and not d.automated
        and d.act in ('remove_post', 'mark_sensitive', 'label', 'warn', 'limit', 'suspend', 'remove_avatar', 'remove_cover', 'clear_profile')) as upheld
    from posts p where p.id = any(${postIds}::bigint[])`.execute(on)
  return new Map(rows.map(({ id, ...row }) => [id, row]))
}
/** Titles and descriptions of these posts' media, by post. */
export async function selectWordsOfPosts(on: Queries, postIds: string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ post_id: string; words: string }>`select m.post_id, string_agg(concat_ws(E'\n', m.description, m.tags->>'title', m.tags->>'artist', m.tags->>'album'), E'\n') as words from media m where m.post_id = any(${postIds}::bigint[]) group by 1`.execute(on)
  return new Map(rows.map((row) => [row.post_id, row.words]))
}
