import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export type OwnPost = { id: string; createdAt: Date; editedAt: Date | null; audience: string; warning: string; text: string; replyTo: string | null }
export async function selectOwnPosts(on: Queries, accountId: AccountId, after: string, limit: number): Promise<OwnPost[]> {
  const { rows } = await sql<OwnPost>`select id, created_at as "createdAt", edited_at as "editedAt", audience, warning, text, reply_to_id as "replyTo" from posts
    where author_id = ${accountId} and id > ${after} and deleted_at is null and boost_of_id is null order by id limit ${limit}`.execute(on)
  return rows
}
/** What was said with this member about these cases, oldest first. */
export async function selectOwnWords(on: Queries, accountId: AccountId, caseIds: string[]): Promise<{ case_id: string; text: string; mine: boolean; created_at: Date }[]> {
  const { rows } = await sql<{ case_id: string; text: string; mine: boolean; created_at: Date }>`select case_id, text, not from_staff as mine, created_at from case_words where case_id = any(${caseIds}::bigint[]) and room = 'member' and with_id = ${accountId} order by id`.execute(on)
  return rows
}
export type OwnOpen = { id: string; decision_id: string | null; report_id: string | null; created_at: Date; due_at: Date }
export async function selectOwnOpen(on: Queries, accountId: AccountId): Promise<OwnOpen[]> {
  const { rows } = await sql<OwnOpen>`select a.id, a.decision_id, a.report_id, a.created_at, c.due_at from appeals a join cases c on c.id = a.case_id where a.account_id = ${accountId} and a.state = 'open' order by a.id limit 100`.execute(on)
  return rows
}
