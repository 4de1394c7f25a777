import type { Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export async function deleteTies(tx: Tx, id: string): Promise<void> {
  await sql`with gone as (delete from follows where follower_id = ${id} returning followed_id, state) update accounts a set followers_count = a.followers_count - 1 from gone where a.id = gone.followed_id and gone.state = 'accepted'`.execute(tx)
  await sql`with gone as (delete from follows where followed_id = ${id} returning follower_id, state) update accounts a set following_count = a.following_count - 1 from gone where a.id = gone.follower_id and gone.state = 'accepted'`.execute(tx)
  await sql`update accounts set followers_count = 0, following_count = 0 where id = ${id}`.execute(tx)
  await sql`delete from blocks where blocker_id = ${id} or blocked_id = ${id}`.execute(tx)
  await sql`delete from mutes where muter_id = ${id} or muted_id = ${id}`.execute(tx)
  await sql`delete from account_notes where account_id = ${id} or about_id = ${id}`.execute(tx)
  await sql`delete from hidden_phrases where account_id = ${id}`.execute(tx)
  await sql`delete from tag_follows where account_id = ${id}`.execute(tx)
}
