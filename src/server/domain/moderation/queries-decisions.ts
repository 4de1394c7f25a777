import type { AccountId, AccountState, Role } from '#server/domain/accounts/index.ts'
import type { PostId } from '#server/domain/posts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { CleanAsk } from '#server/platform/page/index.ts'
import type { Act, DecisionId, Ground, ReportId } from './types.ts'

export type TargetRow = { id: AccountId; role: Role; state: AccountState; avatar_state: 'none' | 'pending' | 'shown' | 'refused' }

export async function lockAccount(tx: Tx, id: AccountId): Promise<TargetRow | undefined> {
  const { rows } = await sql<TargetRow>`select id, role, state, avatar_state from accounts where id = ${id} for no key update`.execute(tx)
  return rows[0]
}
/** False when it was marked already. */
export async function updateSensitive(tx: Tx, postId: PostId): Promise<boolean> {
  const { rows } = await sql`update posts set sensitive = true where id = ${postId} and not sensitive returning 1`.execute(tx)
  return rows.length > 0
}
export async function selectPostOwner(on: Queries | Tx, postId: PostId): Promise<{ author_id: AccountId; state: string; deleted: boolean } | undefined> {
  const { rows } = await sql<{ author_id: AccountId; state: string; deleted: boolean }>`select author_id, state, deleted_at is not null as deleted from posts where id = ${postId}`.execute(on)
  return rows[0]
}

export type DecisionRow = {
  id: DecisionId
  moderator_id: AccountId | null
  account_id: AccountId
  post_id: PostId | null
  report_id: ReportId | null
  act: Act
  rule_id: string | null
  ground: Ground
  reason: string
  note: string
  automated: boolean
  ends_at: Date | null
  reversed_by_id: DecisionId | null
  created_at: Date
  excerpt: string
}
export async function insertDecision(tx: Tx, row: Omit<DecisionRow, 'reversed_by_id' | 'excerpt'>): Promise<void> {
  await sql`insert into decisions (id, moderator_id, account_id, post_id, report_id, act, rule_id, ground, reason, note, automated, ends_at, created_at)
    values (${row.id}, ${row.moderator_id}, ${row.account_id}, ${row.post_id}, ${row.report_id}, ${row.act}, ${row.rule_id}, ${row.ground}, ${row.reason}, ${row.note}, ${row.automated}, ${row.ends_at}, ${row.created_at})`.execute(tx)
}
/** Earlier decisions of these kinds about the same thing are no longer in force. */
export async function updateReversed(tx: Tx, row: { accountId: AccountId; postId: PostId | null; acts: Act[]; byId: DecisionId }): Promise<void> {
  await sql`update decisions set reversed_by_id = ${row.byId} where account_id = ${row.accountId} and act = any(${row.acts}::text[])
    and post_id is not distinct from ${row.postId}::bigint and reversed_by_id is null and id <> ${row.byId}`.execute(tx)
}
export async function isLimitInForce(tx: Tx, accountId: AccountId): Promise<boolean> {
  const { rows } = await sql`select 1 from decisions where account_id = ${accountId} and act = 'limit' and reversed_by_id is null limit 1`.execute(tx)
  return rows.length > 0
}

const columns = sql.raw("d.id, d.moderator_id, d.account_id, d.post_id, d.report_id, d.act, d.rule_id, d.ground, d.reason, d.note, d.automated, d.ends_at, d.reversed_by_id, d.created_at, coalesce(left(p.text, 200), '') as excerpt")

/** Of one account, or of all; newest first. `told`: only what the person is told of. */
export async function selectDecisions(on: Queries, filter: { accountId: AccountId | null; told: boolean }, ask: CleanAsk): Promise<DecisionRow[]> {
  const { rows } = await sql<DecisionRow>`select ${columns} from decisions d left join posts p on p.id = d.post_id
    where (${filter.accountId}::bigint is null or d.account_id = ${filter.accountId}::bigint) and (not ${filter.told}::boolean or d.act <> 'dismiss')
      and (${ask.before}::bigint is null or d.id < ${ask.before}::bigint) order by d.id desc limit ${ask.limit + 1}`.execute(on)
  return rows
}
export async function selectDecisionsById(on: Queries, ids: DecisionId[]): Promise<DecisionRow[]> {
  const { rows } = await sql<DecisionRow>`select ${columns} from decisions d left join posts p on p.id = d.post_id where d.id = any(${ids}::bigint[])`.execute(on)
  return rows
}
/** Accounts whose suspension has ended. */
export async function selectEnded(on: Queries, now: Date): Promise<AccountId[]> {
  const { rows } = await sql<{ id: AccountId }>`select id from accounts where state = 'suspended' and suspended_until <= ${now} order by id limit 500`.execute(on)
  return rows.map((row) => row.id)
}
