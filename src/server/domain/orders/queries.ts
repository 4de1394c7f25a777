import type { AccountId } from '#server/domain/accounts/index.ts'
import type { CaseId } from '#server/domain/cases/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { OrderCounts, OrderForm, OrderId, OrderKind, OrderState, Purpose, SenderCheck, StopReason } from './types.ts'

export type OrderRow = {
  id: OrderId; kind: OrderKind; test: boolean; state: OrderState; case_id: CaseId | null; token_hash: Buffer; form: OrderForm; reference: string; country: string
  quiet: boolean; quiet_until: Date | null; quiet_extended: boolean; received_at: Date; due_at: Date; alarmed: number | null; confirmed_at: Date | null
  checks: Partial<Record<SenderCheck, { by: string; at: string }>> & { confirmHash?: string }; verified_at: Date | null; purpose: Purpose | null; purpose_words: string
  stop_reason: StopReason | null; stop_words: string; stopped_at: Date | null; done_at: Date | null; done_by_id: AccountId | null
  territory: string[]; done_in: string[]; acting_until: Date | null; review_until: Date | null; review: 'asked' | 'upheld' | 'annulled' | null; reinstated_at: Date | null; final_at: Date | null
}
export type ItemRow = { order_id: OrderId; position: number; address: string; account_id: AccountId | null; post_id: string | null; decision_id: string | null; excerpt: string; post_state: string | null; frozen: boolean; withheld_in: string[] }

type NewOrder = Pick<OrderRow, 'id' | 'kind' | 'test' | 'case_id' | 'token_hash' | 'form' | 'reference' | 'country' | 'quiet' | 'received_at' | 'due_at' | 'checks' | 'territory'>
export async function insertOrder(tx: Tx, row: NewOrder): Promise<void> {
  await sql`insert into orders (id, kind, test, case_id, token_hash, form, reference, country, quiet, received_at, due_at, checks, territory)
    values (${row.id}, ${row.kind}, ${row.test}, ${row.case_id}, ${row.token_hash}, ${JSON.stringify(row.form)}::jsonb, ${row.reference}, ${row.country}, ${row.quiet}, ${row.received_at}, ${row.due_at}, ${JSON.stringify(row.checks)}::jsonb, ${row.territory}::text[])`.execute(tx)
}
export async function insertItems(tx: Tx, id: OrderId, items: { address: string; accountId: AccountId | null; postId: string | null }[]): Promise<void> {
  await sql`insert into order_items (order_id, position, address, account_id, post_id) select ${id}::bigint, x.at, x.address, x.account_id, x.post_id
    from unnest(${items.map((one) => one.address)}::text[], ${items.map((one) => one.accountId)}::bigint[], ${items.map((one) => one.postId)}::bigint[]) with ordinality as x (address, account_id, post_id, at)`.execute(tx)
}
export async function insertFile(tx: Tx, row: { orderId: OrderId; name: string; mime: string; bytes: number; sealed: Buffer }): Promise<void> {
  await sql`insert into order_files (order_id, name, mime, bytes, sealed) values (${row.orderId}, ${row.name}, ${row.mime}, ${row.bytes}, ${row.sealed})`.execute(tx)
}
export async function selectFile(on: Queries, id: string): Promise<{ name: string; mime: string; bytes: number; sealed: Buffer } | undefined> {
  const { rows } = await sql<{ name: string; mime: string; bytes: number; sealed: Buffer }>`select name, mime, bytes, sealed from order_files where order_id = ${id}`.execute(on)
  return rows[0]
}
export async function selectFileFacts(on: Queries, id: string): Promise<{ name: string; bytes: number } | undefined> {
  const { rows } = await sql<{ name: string; bytes: number }>`select name, bytes from order_files where order_id = ${id}`.execute(on)
  return rows[0]
}
export async function selectOrder(on: Queries | Tx, id: string): Promise<OrderRow | undefined> {
  const { rows } = await sql<OrderRow>`select * from orders where id = ${id}`.execute(on)
  return rows[0]
}
export async function lockOrder(tx: Tx, id: string): Promise<OrderRow | undefined> {
  const { rows } = await sql<OrderRow>`select * from orders where id = ${id} for update`.execute(tx)
  return rows[0]
}
export async function selectOrderByToken(on: Queries, hash: Buffer): Promise<OrderRow | undefined> {
  const { rows } = await sql<OrderRow>`select * from orders where token_hash = ${hash}`.execute(on)
  return rows[0]
}
export async function selectItems(on: Queries | Tx, id: string): Promise<ItemRow[]> {
  const { rows } = await sql<ItemRow>`select i.order_id, i.position, i.address, i.account_id, i.post_id, i.decision_id, coalesce(left(p.text, 200), '') as excerpt, case when p.deleted_at is not null then 'deleted' else p.state::text end as post_state, a.frozen_at is not null as frozen,
      array(select distinct c from withholdings w, unnest(w.countries) c where w.ended_at is null and w.decision_id = i.decision_id order by c) as withheld_in
    from order_items i left join posts p on p.id = i.post_id left join accounts a on a.id = i.account_id where i.order_id = ${id} order by i.position`.execute(on)
  return rows
}
export async function updateItemDecision(tx: Tx, id: OrderId, positions: number[], decisionId: string): Promise<void> {
  await sql`update order_items set decision_id = ${decisionId} where order_id = ${id} and position = any(${positions}::int[])`.execute(tx)
}
/** Nobody sees an order about themselves. Open ones first, the most urgent on top, then the newest. */
export async function selectOrders(on: Queries, viewerId: AccountId, limit: number): Promise<(OrderRow & { items: number })[]> {
  const { rows } = await sql<OrderRow & { items: number }>`select o.*, (select count(*)::int from order_items i where i.order_id = o.id) as items from orders o
    where not exists (select 1 from order_items i where i.order_id = o.id and i.account_id = ${viewerId}) order by o.state in ('open', 'stopped') desc, case when o.state = 'open' then o.due_at end, o.id desc limit ${limit}`.execute(on)
  return rows
}
type Change = Partial<Omit<OrderRow, 'id' | 'form' | 'token_hash' | 'checks'>>
const changeable = ['state', 'quiet', 'quiet_until', 'quiet_extended', 'due_at', 'alarmed', 'confirmed_at', 'verified_at', 'purpose', 'purpose_words', 'stop_reason', 'stop_words', 'stopped_at', 'done_at', 'done_by_id', 'done_in', 'acting_until', 'review_until', 'review', 'reinstated_at', 'final_at'] as const
export async function updateOrder(tx: Tx, id: OrderId, change: Change): Promise<void> {
  const sets = changeable.filter((name) => change[name] !== undefined).map((name) => sql`${sql.ref(name)} = ${change[name]}`)
  if (sets.length) await sql`update orders set ${sql.join(sets)} where id = ${id}`.execute(tx)
}
export async function updateChecks(tx: Tx, id: OrderId, checks: object): Promise<void> {
  await sql`update orders set checks = ${JSON.stringify(checks)}::jsonb where id = ${id}`.execute(tx)
}
/** Orders whose next alarm is due: those that passed a mark since the last one. */
export async function takeAlarms(tx: Tx, now: Date, marks: readonly number[]): Promise<{ id: OrderId; mark: number }[]> {
  const { rows } = await sql<{ id: OrderId; mark: number }>`update orders o set alarmed = x.mark from (
      select id, (select min(m) from unnest(${[...marks]}::int[]) m where due_at - make_interval(mins => m) <= ${now}::timestamptz) as mark from orders where state = 'open' for update skip locked) x
    where o.id = x.id and x.mark is not null and (o.alarmed is null or o.alarmed > x.mark) returning o.id, o.alarmed as mark`.execute(tx)
  return rows
}
/** Final ones about terrorist content within these months: two make a host 'exposed' (EU 2021/784, Article 5(4)). */
export async function countFinal(on: Queries, since: Date): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from orders where kind = 'terrorism' and not test and final_at > ${since} and review is distinct from 'annulled'`.execute(on)
  return rows[0]!.count
}
export async function selectStaffToAlarm(on: Queries, exceptOf: string): Promise<{ id: AccountId; locale: 'en' | 'ar' }[]> {
  const { rows } = await sql<{ id: AccountId; locale: 'en' | 'ar' }>`select id, locale from accounts a where role <> 'member' and state = 'active' and not exists (select 1 from order_items i where i.order_id = ${exceptOf} and i.account_id = a.id) order by id limit 100`.execute(on)
  return rows
}
export async function selectSteps(on: Queries, id: string): Promise<{ act: string; name: string | null; created_at: Date; details: Record<string, unknown> }[]> {
  const { rows } = await sql<{ act: string; name: string | null; created_at: Date; details: Record<string, unknown> }>`select l.act, coalesce(nullif(a.display_name, ''), a.username) as name, l.created_at, l.details from audit_log l left join accounts a on a.id = l.actor_id
    where l.subject_id = ${id} and l.subject_kind = 'order' order by l.id limit 200`.execute(on)
  return rows
}

/** Those whose time runs, without those about the viewer. */
export async function selectOpen(on: Queries, viewerId: AccountId): Promise<Pick<OrderRow, 'id' | 'test' | 'form' | 'due_at'>[]> {
  const { rows } = await sql<Pick<OrderRow, 'id' | 'test' | 'form' | 'due_at'>>`select id, test, form, due_at from orders o where state = 'open' and not exists (select 1 from order_items i where i.order_id = o.id and i.account_id = ${viewerId}) order by test, due_at limit 20`.execute(on)
  return rows
}
/** The row without a country is the whole. */
type OrderRowOfFigures = OrderCounts & { country: string | null; kind: OrderKind | null }
export async function selectFigures(on: Queries, from: Date, to: Date): Promise<OrderRowOfFigures[]> {
  const { rows } = await sql<OrderRowOfFigures>`select o.country, o.kind, count(*)::int as received, count(*) filter (where o.state = 'complied')::int as complied, count(*) filter (where o.state = 'refused')::int as refused,
      count(*) filter (where o.state = 'withdrawn')::int as withdrawn, count(*) filter (where o.state = 'stopped')::int as stopped, count(*) filter (where o.state = 'open')::int as open, count(*) filter (where o.state = 'complied' and o.done_at <= o.due_at)::int as "inTime",
      coalesce(sum(i.n), 0)::int as addresses, count(*) filter (where o.reinstated_at is not null)::int as reinstated,
      round((percentile_cont(0.5) within group (order by extract(epoch from o.done_at - o.received_at) / 60) filter (where o.state = 'complied'))::numeric, 1)::float8 as "medianMinutes"
    from orders o cross join lateral (select count(*) as n from order_items i where i.order_id = o.id) i
    where not o.test and o.received_at >= ${from} and o.received_at < ${to} group by grouping sets ((o.country, o.kind), ()) order by received desc, o.country, o.kind`.execute(on)
  return rows
}
