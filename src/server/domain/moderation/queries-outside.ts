import type { AccountId } from '#server/domain/accounts/index.ts'
import type { PostId } from '#server/domain/posts/index.ts'
import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { ReportId } from './types.ts'

export async function selectOwnerOfMedia(on: Queries, key: string): Promise<{ accountId: AccountId; postId: PostId | null } | null> {
  const { rows } = await sql<{ accountId: AccountId; postId: PostId | null }>`select m.account_id as "accountId", m.post_id as "postId" from media m join accounts a on a.id = m.account_id where m.key = ${key} and a.state not in ('deleted', 'pending')`.execute(on)
  return rows[0] ?? null
}
/** What came of a notice: the words of its dismissal, and of the objection to it. */
export async function selectNoticeEnd(on: Queries, id: ReportId): Promise<{ reason: string | null; decided_at: Date | null; appeal_state: string | null; appeal_text: string | null; appeal_answer: string | null }> {
  const { rows } = await sql<{ reason: string | null; decided_at: Date | null; appeal_state: string | null; appeal_text: string | null; appeal_answer: string | null }>`select d.reason, r.decided_at, o.state as appeal_state, o.text as appeal_text, o.answer as appeal_answer
    from reports r left join decisions d on d.id = r.decision_id and d.act = 'dismiss' left join appeals o on o.report_id = r.id where r.id = ${id}`.execute(on)
  return rows[0]!
}
