import type { AccountId, NamePolicy } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { PostId, ReplyPolicy } from './types.ts'

/** What is between the author of the row `alias` and a viewer, where its policy asks for it; null where it doesn't. */
export const tiesOf = (alias: string, viewerId: AccountId | null) => {
  const col = (name: string) => sql.ref(`${alias}.${name}`)
  const me = sql`${viewerId}::bigint`
  return sql`case when ${me} is null or ${col('reply_policy')} is null or ${col('reply_policy')} in ('everyone', 'nobody') then null else json_build_object(
    'followed', exists (select 1 from follows tf where tf.follower_id = ${col('author_id')} and tf.followed_id = ${me} and tf.state = 'accepted' offset 0),
    'follows', exists (select 1 from follows tf where tf.follower_id = ${me} and tf.followed_id = ${col('author_id')} and tf.state = 'accepted' offset 0),
    'named', exists (select 1 from post_mentions tm where tm.post_id = ${col('id')} and tm.account_id = ${me} offset 0)) end`
}

export async function setReplyPolicy(tx: Tx, postId: PostId, policy: ReplyPolicy): Promise<void> {
  await sql`update posts set reply_policy = ${policy} where id = ${postId} and reply_policy <> ${policy}`.execute(tx)
}

export type NamedRow = { id: AccountId; username: string; mention: NamePolicy | null; message: NamePolicy | null; follows: boolean; in_thread: boolean }
/** Of these people, those who don't take names or messages from everybody, and what is between them and the author. */
export async function selectChoosy(on: Queries, authorId: AccountId, threadId: PostId | null, ids: AccountId[]): Promise<NamedRow[]> {
  const { rows } = await sql<NamedRow>`select a.id, a.username, a.preferences->>'mayMention' as mention, a.preferences->>'mayMessage' as message,
      exists (select 1 from follows f where f.follower_id = a.id and f.followed_id = ${authorId} and f.state = 'accepted') as follows,
      exists (select 1 from posts p where p.thread_id = ${threadId}::bigint and p.author_id = a.id and p.deleted_at is null and p.state = 'published') as in_thread
    from accounts a where a.id = any(${ids}::bigint[]) and (a.preferences->>'mayMention' in ('followed', 'nobody') or a.preferences->>'mayMessage' in ('followed', 'nobody'))`.execute(on)
  return rows
}
