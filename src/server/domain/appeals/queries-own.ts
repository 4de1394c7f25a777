import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export type OwnPost = { id: string; createdAt: Date; editedAt: Date | null; audience: string; warning: string; text: string; replyTo: string | null }
export async function selectOwnPosts(on: Queries, accountId: AccountId, after: string, limit: number): Promise<OwnPost[]> {
  const { rows } = await sql<OwnPost>`select id, created_at as "createdAt", edited_at as "editedAt", audience, warning, text, reply_to_id as "replyTo" from posts
    where author_id = ${accountId} and id > ${after} and deleted_at is null and boost_of_id is null order by id limit ${limit}`.execute(on)
  return rows
}
