import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { Outcome } from './rule.ts'
import type { Reason, RuleId } from './types.ts'

export type HitInsert = { id: string; ruleId: RuleId; version: number; accountId: AccountId; postId: string | null; mediaId: string | null; subject: string; outcome: Outcome; acted: boolean; reasons: Reason[]; caseId: string | null; at: Date }
/** Writes down which rules answered, and counts them. */
export async function insertHits(tx: Tx, hits: HitInsert[]): Promise<void> {
  if (hits.length === 0) return
  await sql`insert into screening_hits (id, rule_id, rule_version, account_id, post_id, media_id, subject, outcome, acted, reasons, case_id, created_at)
    select x.id, x."ruleId", x.version, x."accountId", x."postId", x."mediaId", x.subject, x.outcome, x.acted, x.reasons, x."caseId", x.at
    from jsonb_to_recordset(${JSON.stringify(hits)}::jsonb) as x (id bigint, "ruleId" bigint, version int, "accountId" bigint, "postId" bigint, "mediaId" bigint, subject text, outcome text, acted boolean, reasons jsonb, "caseId" bigint, at timestamptz)
    where exists (select from screening_rules r where r.id = x."ruleId")`.execute(tx)
  await count(tx, hits.map((one) => one.ruleId), hits[0]!.at, 'fired')
}
/** In one order, so that two at once never wait for each other. */
async function count(tx: Tx, ruleIds: RuleId[], at: Date, what: 'fired' | 'judged_right' | 'judged_wrong'): Promise<void> {
  const column = sql.ref(what)
  await sql`insert into screening_counts (rule_id, day, ${column}) select x.id, (${at}::timestamptz at time zone 'utc')::date, count(*)::int from unnest(${ruleIds}::bigint[]) as x (id) join screening_rules r on r.id = x.id group by 1, 2 order by 1
    on conflict (rule_id, day) do update set ${column} = screening_counts.${column} + excluded.${column}`.execute(tx)
}

/** A person agreed, or didn't: on hits about these, not judged the same way before. Those that changed. */
export async function judge(tx: Tx, about: { postIds?: string[]; accountId?: string; caseId?: string }, verdict: 'right' | 'wrong'): Promise<number> {
  const { rows } = await sql<{ rule_id: RuleId; before: 'right' | 'wrong' | null; day: Date }>`with old as (select id, judged from screening_hits h where judged is distinct from ${verdict} and (h.case_id = ${about.caseId ?? null}::bigint or h.post_id = any(${about.postIds ?? []}::bigint[])
      or (h.account_id = ${about.accountId ?? null}::bigint and h.post_id is null)) order by id limit 1000 for update)
    update screening_hits h set judged = ${verdict} from old where h.id = old.id returning h.rule_id, old.judged as before, h.created_at as day`.execute(tx)
  for (const [day, hits] of Map.groupBy(rows, (row) => row.day.toISOString().slice(0, 10))) {
    await count(tx, hits.map((row) => row.rule_id), new Date(day), verdict === 'right' ? 'judged_right' : 'judged_wrong')
    const turned = hits.filter((row) => row.before !== null).map((row) => row.rule_id)
    const other = sql.ref(verdict === 'right' ? 'judged_wrong' : 'judged_right')
    if (turned.length) await sql`update screening_counts c set ${other} = greatest(0, c.${other} - x.n) from (select id, count(*)::int as n from unnest(${turned}::bigint[]) as t (id) group by 1) x where c.rule_id = x.id and c.day = ${day}::date`.execute(tx)
  }
  return rows.length
}
/** Hits older than this go, and beyond so many the oldest. */
export async function deleteOldHits(on: Queries, before: Date, most: number): Promise<void> {
  await sql`delete from screening_hits where created_at < ${before} or id <= coalesce((select id from screening_hits order by id desc offset ${most} limit 1), 0)`.execute(on)
}
/** What screening did to a post that a person can take back. */
export async function selectHeldBy(tx: Tx, postIds: string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select p.id from posts p where p.id = any(${postIds}::bigint[]) and p.state = 'held' and p.deleted_at is null order by p.id`.execute(tx)
  return rows.map((row) => row.id)
}
export async function setLimited(tx: Tx, postIds: string[], limited: boolean): Promise<void> {
  await sql`update posts set limited = ${limited} where id = any(${postIds}::bigint[]) and limited <> ${limited}::boolean`.execute(tx)
}

/** How media stand: those of these posts and these themselves. */
export async function setMediaState(tx: Tx, about: { postIds?: string[]; mediaIds?: string[] }, state: 'clear' | 'held' | 'sealed'): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`update media set screening = ${state} where (id = any(${about.mediaIds ?? []}::bigint[]) or post_id = any(${about.postIds ?? []}::bigint[])) and screening <> ${state} returning id`.execute(tx)
  return rows.map((row) => row.id)
}
export type MediaOwner = { id: string; account_id: AccountId; post_id: string | null; purpose: string; screening: 'waiting' | 'clear' | 'held' | 'sealed'; state: string; /** changes with every file of it */ look: string; words: string; shown_as: 'avatar' | 'cover' | null }
export async function selectMediaOwner(on: Queries | Tx, mediaId: string): Promise<MediaOwner | undefined> {
  const { rows } = await sql<MediaOwner>`select m.id, m.account_id, m.post_id, m.purpose, m.screening, m.state, md5(m.variants::text) as look, concat_ws(E'\n', m.description, m.tags->>'title', m.tags->>'artist', m.tags->>'album') as words,
    case m.id when a.avatar_media_id then 'avatar' when a.cover_media_id then 'cover' end as shown_as from media m join accounts a on a.id = m.account_id where m.id = ${mediaId}`.execute(on)
  return rows[0]
}
/** Titles and descriptions of these, each in a line. */
export async function selectMediaWords(on: Queries | Tx, mediaIds: string[]): Promise<string> {
  const { rows } = await sql<{ words: string }>`select concat_ws(E'\n', m.description, m.tags->>'title', m.tags->>'artist', m.tags->>'album') as words from media m where m.id = any(${mediaIds}::bigint[])`.execute(on)
  return rows.map((row) => row.words).filter(Boolean).join('\n')
}
/** Nobody saw it yet, and nothing speaks against it: from now on it may be seen. Not what is still being made, or was changed since it was looked at. */
export async function clearWaiting(tx: Tx, item: Pick<MediaOwner, 'id' | 'look'>): Promise<boolean> {
  const { rows } = await sql`update media set screening = 'clear' where id = ${item.id} and screening = 'waiting' and state = 'ready' and md5(variants::text) = ${item.look} returning 1`.execute(tx)
  return rows.length > 0
}
/** Media of a post that a person should see first, or nobody. */
export async function selectStopped(tx: Tx, mediaIds: string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from media where id = any(${mediaIds}::bigint[]) and screening in ('held', 'sealed')`.execute(tx)
  return rows.map((row) => row.id)
}
/** Have these rules said the same about the post before, since it was last changed? Locks the post, so that two at once say it once. */
export async function saidBefore(tx: Tx, postId: string, rules: { ruleId: RuleId; acted: boolean }[]): Promise<boolean> {
  const { rows } = await sql<{ all: boolean }>`select not exists (select from jsonb_to_recordset(${JSON.stringify(rules)}::jsonb) as x ("ruleId" bigint, acted boolean)
      where not exists (select from screening_hits h where h.post_id = p.id and h.rule_id = x."ruleId" and (h.acted or not x.acted) and h.created_at >= coalesce(p.edited_at, p.created_at) - interval '1 minute')) as all
    from posts p where p.id = ${postId} for update of p`.execute(tx)
  return rows[0]?.all ?? true
}
