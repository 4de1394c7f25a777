import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

/** Deletes up to `most` rows of an account; returns their keys. Emoji of the community stay. */
export async function deleteMediaOf(on: Queries, accountId: string, most: number): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`delete from media where id in (select id from media where account_id = ${accountId} and purpose <> 'instance' limit ${most}) returning key`.execute(on)
  return rows.map((row) => row.key)
}

export async function deleteMediaOfPosts(on: Queries, postIds: string[]): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`delete from media where post_id = any(${postIds}::bigint[]) returning key`.execute(on)
  return rows.map((row) => row.key)
}
