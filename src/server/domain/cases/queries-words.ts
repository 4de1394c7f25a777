import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { CaseId } from './types.ts'
import type { WordsRoom } from './words.ts'

export async function insertWords(tx: Tx, row: { id: string; caseId: CaseId; authorId: AccountId | null; fromStaff: boolean; room: WordsRoom; withId: AccountId | null; text: string; mentions: AccountId[]; at: Date }): Promise<void> {
  await sql`insert into case_words (id, case_id, author_id, from_staff, room, with_id, text, mentions, created_at)
    values (${row.id}, ${row.caseId}, ${row.authorId}, ${row.fromStaff}, ${row.room}, ${row.withId}, ${row.text}, ${row.mentions}::bigint[], ${row.at})`.execute(tx)
}
export type WordsRow = { id: string; author_id: AccountId | null; from_staff: boolean; room: WordsRoom; with_id: AccountId | null; text: string; mentions: AccountId[]; created_at: Date }
/** Everything, or one member's conversation; the newest 500, oldest first. */
export async function selectWords(on: Queries, caseId: CaseId, only: { withId: AccountId; room: WordsRoom } | null): Promise<WordsRow[]> {
  const { rows } = await sql<WordsRow>`select id, author_id, from_staff, room, with_id, text, mentions::text[] as mentions, created_at from case_words
    where case_id = ${caseId} and (${only?.withId ?? null}::bigint is null or (with_id = ${only?.withId ?? null}::bigint and room = ${only?.room ?? null}::text)) order by id desc limit 500`.execute(on)
  return rows.reverse()
}
