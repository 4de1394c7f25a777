import type { AccountId } from '#server/domain/accounts/index.ts'
import type { PostId } from '#server/domain/posts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export async function selectReplies(on: Queries, postIds: PostId[], limit: number): Promise<PostId[]> {
  const { rows } = await sql<{ id: PostId }>`select id from posts where reply_to_id = any(${postIds}::bigint[]) and deleted_at is null and state = 'published' order by id limit ${limit}`.execute(on)
  return rows.map((row) => row.id)
}
/** Posts that say nearly the same, by anybody, in the last two months; the nearest first. Short texts resemble everything and find nothing. */
export async function selectAlikePosts(on: Queries, text: string, exceptIds: PostId[], since: Date, limit: number): Promise<PostId[]> {
  const { rows } = await sql<{ id: PostId }>`select id from posts where search_fold(text) % search_fold(${text}) and deleted_at is null and boost_of_id is null and created_at > ${since} and id <> all(${exceptIds}::bigint[])
    order by similarity(search_fold(text), search_fold(${text})) desc, id desc limit ${limit}`.execute(on)
  return rows.map((row) => row.id)
}
export type AlikeRow = { id: AccountId; why: 'invitedBy' | 'invited' | 'sameInviter' | 'name' }
/** Who came by the same door, and whose name looks like theirs. Nothing that members didn't give themselves is compared: no addresses, no devices. */
export async function selectAlikeAccounts(on: Queries, id: AccountId, limit: number): Promise<AlikeRow[]> {
  const { rows } = await sql<AlikeRow>`with me as (select id, username_key, display_name, username, invited_by_id from accounts where id = ${id})
    select distinct on (found.id) found.id, found.why from (
      (select a.id, 'invitedBy' as why, 1 as rank from accounts a, me where a.id = me.invited_by_id)
      union all (select a.id, 'invited', 2 from accounts a, me where a.invited_by_id = me.id and a.state <> 'deleted' order by a.id desc limit 10)
      union all (select a.id, 'sameInviter', 3 from accounts a, me where a.invited_by_id = me.invited_by_id and a.id <> me.id and a.state <> 'deleted' order by a.id desc limit 10)
      union all (select a.id, 'name', 4 from accounts a, me where a.id <> me.id and a.state <> 'deleted' and search_fold(a.username || ' ' || a.display_name) % search_fold(me.username || ' ' || me.display_name) order by a.id desc limit 10)
    ) found order by found.id, found.rank limit ${limit}`.execute(on)
  return rows
}
export async function selectJoinReason(on: Queries, id: AccountId): Promise<string> {
  const { rows } = await sql<{ join_reason: string | null }>`select join_reason from accounts where id = ${id}`.execute(on)
  return rows[0]?.join_reason ?? ''
}

export type MacroRow = { id: string; title: string; act: string; rule_id: string | null; text: string; locale: string }
export async function selectMacros(on: Queries): Promise<MacroRow[]> {
  const { rows } = await sql<MacroRow>`select id, title, act, rule_id, text, locale from macros where removed_at is null order by title, id limit 200`.execute(on)
  return rows
}
export async function insertMacro(tx: Tx, row: { id: string; title: string; act: string; ruleId: string | null; text: string; locale: string; byId: AccountId; at: Date }): Promise<void> {
  await sql`insert into macros (id, title, act, rule_id, text, locale, by_id, created_at) values (${row.id}, ${row.title}, ${row.act}, ${row.ruleId}, ${row.text}, ${row.locale}, ${row.byId}, ${row.at})`.execute(tx)
}
export async function updateMacroRemoved(tx: Tx, id: string, at: Date): Promise<boolean> {
  const { rows } = await sql`update macros set removed_at = ${at} where id = ${id} and removed_at is null returning 1`.execute(tx)
  return rows.length > 0
}
export async function selectOpenPractice(on: Queries, accountId: AccountId): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`select id from cases where kind = 'practice' and state = 'open' and details->>'for' = ${accountId} order by id limit 1`.execute(on)
  return rows[0]?.id
}
