import type { AccountId, AccountState, Role } from '#server/domain/accounts/index.ts'
import type { PostId } from '#server/domain/posts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { CleanAsk } from '#server/platform/page/index.ts'
import type { Before } from './queries-apply.ts'
import type { Act, DecisionId, Ground, Purpose, ReportId } from './types.ts'

export type TargetRow = { id: AccountId; role: Role; state: AccountState; avatar_state: 'none' | 'pending' | 'shown' | 'refused'; frozen: boolean }

export async function lockAccount(tx: Tx, id: AccountId): Promise<TargetRow | undefined> {
  const { rows } = await sql<TargetRow>`select id, role, state, avatar_state, frozen_at is not null as frozen from accounts where id = ${id} for no key update`.execute(tx)
  return rows[0]
}
export async function selectPostOwner(on: Queries | Tx, postId: PostId): Promise<{ author_id: AccountId; state: string; deleted: boolean } | undefined> {
  return (await selectPostOwners(on, [postId]))[0]
}
export async function selectPostOwners(on: Queries | Tx, ids: PostId[]): Promise<{ id: PostId; author_id: AccountId; state: string; deleted: boolean; created_at: Date }[]> {
  const { rows } = await sql<{ id: PostId; author_id: AccountId; state: string; deleted: boolean; created_at: Date }>`select id, author_id, state, deleted_at is not null as deleted, created_at from posts where id = any(${ids}::bigint[]) order by id`.execute(on)
  return rows
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
  case_id: string | null
  post_ids: PostId[]
  category: string
  law: string
  explanation: string
  facts: string
  territory: string[]
  source_type: string
  detected_by_machine: boolean
  machine_share: 'FULLY' | 'PARTIALLY' | 'NOT_AUTOMATED'
  content_date: Date | null
  before: Before
  label: string
  proposed_by_id: AccountId | null
  alone: boolean
  strike: number
  strike_ends_at: Date | null
  undone_at: Date | null
  /** an authority forbade to tell the person before */
  quiet_until: Date | null
  purpose: Purpose | null
  excerpt: string
}
export type NewDecision = Omit<DecisionRow, 'reversed_by_id' | 'undone_at' | 'excerpt'>
/** What a decision without further particulars has. */
export const plainDecision = { case_id: null, post_ids: [], category: 'other', law: '', explanation: '', facts: '', territory: [], source_type: 'VOLUNTARY', detected_by_machine: false, machine_share: 'NOT_AUTOMATED', content_date: null, before: {}, label: '', proposed_by_id: null, alone: false, strike: 0, strike_ends_at: null, quiet_until: null, purpose: null } satisfies Partial<NewDecision>
export async function insertDecision(tx: Tx, row: NewDecision): Promise<void> {
  await sql`insert into decisions (id, moderator_id, account_id, post_id, report_id, act, rule_id, ground, reason, note, automated, ends_at, created_at, case_id, post_ids, category, law, explanation, facts, territory, source_type,
      detected_by_machine, machine_share, content_date, before, label, proposed_by_id, alone, strike, strike_ends_at, quiet_until, purpose)
    values (${row.id}, ${row.moderator_id}, ${row.account_id}, ${row.post_id}, ${row.report_id}, ${row.act}, ${row.rule_id}, ${row.ground}, ${row.reason}, ${row.note}, ${row.automated}, ${row.ends_at}, ${row.created_at},
      ${row.case_id}, ${row.post_ids}::bigint[], ${row.category}, ${row.law}, ${row.explanation}, ${row.facts}, ${row.territory}::text[], ${row.source_type}, ${row.detected_by_machine}, ${row.machine_share}, ${row.content_date},
      ${JSON.stringify(row.before)}::jsonb, ${row.label}, ${row.proposed_by_id}, ${row.alone}, ${row.strike}, ${row.strike_ends_at}, ${row.quiet_until}, ${row.purpose})`.execute(tx)
}
/** Earlier decisions of these kinds about the same thing are no longer in force. */
export async function updateReversed(tx: Tx, row: { accountId: AccountId; postIds: PostId[]; acts: Act[]; byId: DecisionId }): Promise<void> {
  await sql`update decisions set reversed_by_id = ${row.byId} where account_id = ${row.accountId} and act = any(${row.acts}::text[])
    and (post_ids = '{}' or post_ids <@ ${row.postIds}::bigint[]) and reversed_by_id is null and undone_at is null and id <> ${row.byId}`.execute(tx)
}
export async function isLimitInForce(tx: Tx, accountId: AccountId): Promise<boolean> {
  const { rows } = await sql`select 1 from decisions where account_id = ${accountId} and act = 'limit' and reversed_by_id is null and undone_at is null limit 1`.execute(tx)
  return rows.length > 0
}

const columns = sql.raw(`d.id, d.moderator_id, d.account_id, d.post_id, d.report_id, d.act, d.rule_id, d.ground, d.reason, d.note, d.automated, d.ends_at, d.reversed_by_id, d.created_at, d.purpose, d.case_id, d.post_ids::text[] as post_ids, d.category, d.law, d.explanation,
  d.facts, d.territory, d.source_type, d.detected_by_machine, d.machine_share, d.content_date, d.before, d.label, d.proposed_by_id, d.alone, d.strike, d.strike_ends_at, d.undone_at, d.quiet_until, coalesce(left(p.text, 200), '') as excerpt`)

/** Of one account, or of all; newest first. `told`: only what the person is told of. */
export async function selectDecisions(on: Queries, filter: { accountId: AccountId | null; told: boolean; now: Date }, ask: CleanAsk): Promise<DecisionRow[]> {
  const { rows } = await sql<DecisionRow>`select ${columns} from decisions d left join posts p on p.id = d.post_id
    where d.undone_at is null and (${filter.accountId}::bigint is null or d.account_id = ${filter.accountId}::bigint) and (not ${filter.told}::boolean or (d.act <> 'dismiss' and (d.quiet_until is null or d.quiet_until <= ${filter.now}::timestamptz)))
      and (${ask.before}::bigint is null or d.id < ${ask.before}::bigint) order by d.id desc limit ${ask.limit + 1}`.execute(on)
  return rows
}
export async function selectDecisionsById(on: Queries, ids: DecisionId[]): Promise<DecisionRow[]> {
  const { rows } = await sql<DecisionRow>`select ${columns} from decisions d left join posts p on p.id = d.post_id where d.id = any(${ids}::bigint[])`.execute(on)
  return rows
}
/** Accounts whose suspension or limit has ended. */
export async function selectEnded(on: Queries, now: Date): Promise<AccountId[]> {
  const { rows } = await sql<{ id: AccountId }>`select id from accounts where state in ('suspended', 'limited') and suspended_until <= ${now} and frozen_at is null order by id limit 500`.execute(on)
  return rows.map((row) => row.id)
}
export async function lockDecision(tx: Tx, id: string): Promise<DecisionRow | undefined> {
  const { rows } = await sql<DecisionRow>`select ${columns} from decisions d left join posts p on p.id = d.post_id where d.id = ${id} for update of d`.execute(tx)
  return rows[0]
}
export async function updateUndone(tx: Tx, id: DecisionId, at: Date): Promise<void> {
  await sql`update decisions set undone_at = ${at}, strike = 0 where id = ${id}`.execute(tx)
}
/** What an undone decision had ended is in force again. */
export async function updateUnreversed(tx: Tx, byId: DecisionId): Promise<void> {
  await sql`update decisions set reversed_by_id = null where reversed_by_id = ${byId}`.execute(tx)
}
export async function setReversed(tx: Tx, id: DecisionId, byId: DecisionId): Promise<void> {
  await sql`update decisions set reversed_by_id = ${byId} where id = ${id} and reversed_by_id is null`.execute(tx)
}
/** Decisions of one case, newest first. */
export async function selectDecisionsOfCase(on: Queries | Tx, caseId: string): Promise<DecisionRow[]> {
  const { rows } = await sql<DecisionRow>`select ${columns} from decisions d left join posts p on p.id = d.post_id where d.case_id = ${caseId} order by d.id desc limit 50`.execute(on)
  return rows
}
/** The newest decisions elsewhere about the same category, for a second look at how it was done before. */
export async function selectSimilar(on: Queries, category: string, exceptAccount: AccountId, most: number): Promise<DecisionRow[]> {
  const { rows } = await sql<DecisionRow>`select ${columns} from decisions d left join posts p on p.id = d.post_id where d.category = ${category} and d.account_id <> ${exceptAccount} and d.undone_at is null order by d.id desc limit ${most}`.execute(on)
  return rows
}
export async function selectStrikes(on: Queries | Tx, accountId: AccountId, now: Date): Promise<{ weight: number; warned: boolean }> {
  const { rows } = await sql<{ weight: number; warned: boolean }>`select coalesce(sum(strike) filter (where strike_ends_at is null or strike_ends_at > ${now}), 0)::int as weight, coalesce(bool_or(act = 'warn'), false) as warned
    from decisions where account_id = ${accountId} and reversed_by_id is null and undone_at is null`.execute(on)
  return rows[0]!
}
export async function updateQuiet(tx: Tx, ids: DecisionId[], until: Date): Promise<void> {
  await sql`update decisions set quiet_until = ${until} where id = any(${ids}::bigint[])`.execute(tx)
}
/** What counts against somebody now and may be told to them. */
export async function selectCounting(on: Queries, accountId: AccountId, now: Date): Promise<Pick<DecisionRow, 'id' | 'act' | 'strike' | 'strike_ends_at'>[]> {
  const { rows } = await sql<Pick<DecisionRow, 'id' | 'act' | 'strike' | 'strike_ends_at'>>`select id, act, strike, strike_ends_at from decisions where account_id = ${accountId} and strike > 0 and reversed_by_id is null and undone_at is null
    and (strike_ends_at is null or strike_ends_at > ${now}) and (quiet_until is null or quiet_until <= ${now}) order by strike_ends_at nulls last, id limit 100`.execute(on)
  return rows
}
