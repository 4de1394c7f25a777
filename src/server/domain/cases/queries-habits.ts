import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { CaseId } from './types.ts'

export type HabitsRow = { hard: string[]; daily_hard: number; plain_media: boolean; break_minutes: number; blur: number }
export async function selectHabits(on: Queries, id: AccountId): Promise<HabitsRow | undefined> {
  const { rows } = await sql<HabitsRow>`select hard, daily_hard, plain_media, break_minutes, blur from moderator_habits where account_id = ${id}`.execute(on)
  return rows[0]
}
export async function upsertHabits(on: Queries, id: AccountId, row: { hard: string[]; dailyHard: number; plainMedia: boolean; breakMinutes: number; blur: number }, at: Date): Promise<void> {
  await sql`insert into moderator_habits (account_id, hard, daily_hard, plain_media, break_minutes, blur, updated_at) values (${id}, ${row.hard}::text[], ${row.dailyHard}, ${row.plainMedia}, ${row.breakMinutes}, ${row.blur}, ${at})
    on conflict (account_id) do update set hard = excluded.hard, daily_hard = excluded.daily_hard, plain_media = excluded.plain_media, break_minutes = excluded.break_minutes, blur = excluded.blur, updated_at = excluded.updated_at`.execute(on)
}
export type DayRow = { hard: boolean; first_at: Date; last_at: Date }
export async function selectDay(on: Queries, id: AccountId, now: Date): Promise<DayRow[]> {
  const { rows } = await sql<DayRow>`select hard, first_at, last_at from moderator_days where account_id = ${id} and day = (${now}::timestamptz at time zone 'UTC')::date limit 2000`.execute(on)
  return rows
}
export async function insertSeen(on: Queries, row: { accountId: AccountId; caseId: CaseId; hard: boolean; at: Date }): Promise<boolean> {
  const { rows } = await sql<{ fresh: boolean }>`insert into moderator_days (account_id, day, case_id, hard, first_at, last_at) values (${row.accountId}, (${row.at}::timestamptz at time zone 'UTC')::date, ${row.caseId}, ${row.hard}, ${row.at}, ${row.at})
    on conflict (account_id, day, case_id) do update set last_at = excluded.last_at returning (xmax = 0) as fresh`.execute(on)
  return rows[0]?.fresh ?? false
}
export async function selectSeen(on: Queries, id: AccountId, caseId: CaseId, now: Date): Promise<boolean> {
  const { rows } = await sql`select 1 from moderator_days where account_id = ${id} and case_id = ${caseId} and day = (${now}::timestamptz at time zone 'UTC')::date`.execute(on)
  return rows.length > 0
}
