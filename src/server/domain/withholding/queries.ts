import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { RawBuilder } from 'kysely'
import type { Why, Withheld } from './types.ts'

/** Is the post of this row, or its author, withheld from readers in that country? Null: nowhere near anything withheld, and nothing is asked. */
export function withheldIn(alias: string, country: string | null): RawBuilder<boolean> {
  if (country === null) return sql<boolean>`false`
  const col = (name: string) => sql.ref(`${alias}.${name}`)
  return sql<boolean>`(exists (select 1 from withholdings wp where wp.post_id = ${col('id')} and wp.ended_at is null and ${country} = any(wp.countries)) or ${accountWithheldIn(`${alias}.author_id`, country)})`
}

/** The same for whole accounts, by the column with their id. */
export function accountWithheldIn(column: string, country: string | null): RawBuilder<boolean> {
  if (country === null) return sql<boolean>`false`
  return sql<boolean>`exists (select 1 from withholdings wa where wa.account_id = ${sql.ref(column)} and wa.post_id is null and wa.ended_at is null and ${country} = any(wa.countries))`
}

export async function selectCountries(on: Queries): Promise<string[]> {
  const { rows } = await sql<{ country: string }>`select distinct country from withholdings, unnest(countries) country where ended_at is null order by country`.execute(on)
  return rows.map((row) => row.country)
}

type NewRow = { accountId: string; countries: string[]; decisionId: string | null; authority: string; reference: string; quietUntil: Date | null; at: Date }
export async function insertRows(tx: Tx, things: { id: string; postId: string | null }[], row: NewRow): Promise<void> {
  await sql`insert into withholdings (id, account_id, post_id, countries, decision_id, authority, reference, quiet_until, created_at)
    select x.id, ${row.accountId}::bigint, x.post_id, ${row.countries}::text[], ${row.decisionId}::bigint, ${row.authority}, ${row.reference}, ${row.quietUntil}::timestamptz, ${row.at}::timestamptz
    from unnest(${things.map((one) => one.id)}::bigint[], ${things.map((one) => one.postId)}::bigint[]) as x (id, post_id)`.execute(tx)
}

export async function updateEnded(tx: Tx, by: { decisionId: string } | { postIds: string[] } | { accountId: string }, at: Date): Promise<{ post_id: string | null; account_id: string }[]> {
  const which = 'decisionId' in by ? sql`decision_id = ${by.decisionId}` : 'postIds' in by ? sql`post_id = any(${by.postIds}::bigint[])` : sql`account_id = ${by.accountId} and post_id is null`
  const { rows } = await sql<{ post_id: string | null; account_id: string }>`update withholdings set ended_at = ${at} where ended_at is null and ${which} returning post_id, account_id`.execute(tx)
  return rows
}

export async function updateQuietUntil(tx: Tx, decisionIds: string[], until: Date | null): Promise<void> {
  await sql`update withholdings set quiet_until = ${until} where decision_id = any(${decisionIds}::bigint[])`.execute(tx)
}

/** Those of these accounts that are withheld as a whole in that country. */
export async function selectAccountsIn(on: Queries, ids: string[], country: string): Promise<string[]> {
  const { rows } = await sql<{ account_id: string }>`select distinct account_id from withholdings where account_id = any(${ids}::bigint[]) and post_id is null and ended_at is null and ${country} = any(countries)`.execute(on)
  return rows.map((row) => row.account_id)
}

/** What a reader there may be told. The newest that isn't to be kept quiet. */
export async function selectWhy(on: Queries, subject: { postId: string } | { accountId: string }, country: string, now: Date): Promise<Why | undefined> {
  const which = 'postId' in subject
    ? sql`(w.post_id = ${subject.postId} or w.post_id = (select boost_of_id from posts where id = ${subject.postId}) or w.post_id is null and w.account_id in (select author_id from posts where id = ${subject.postId} union select o.author_id from posts b join posts o on o.id = b.boost_of_id where b.id = ${subject.postId}))`
    : sql`w.account_id = ${subject.accountId} and w.post_id is null`
  const { rows } = await sql<Why>`select w.authority, w.reference, ${country} as country from withholdings w where w.ended_at is null and ${country} = any(w.countries) and ${which}
    and (w.quiet_until is null or w.quiet_until <= ${now}) order by w.id desc limit 1`.execute(on)
  return rows[0]
}

/** In which countries a post must not reach anybody: its own, its author's, and those of what it boosts or quotes. */
export async function selectCountriesOfPost(on: Queries, postId: string): Promise<string[]> {
  const { rows } = await sql<{ country: string }>`with near as (select p.id, p.author_id from posts p where p.id = ${postId}
      union select o.id, o.author_id from posts b join posts o on o.id = b.boost_of_id where b.id = ${postId}
      union select o.id, o.author_id from quotes q join posts o on o.id = q.quoted_id where q.post_id in (${postId}, (select boost_of_id from posts where id = ${postId})))
    select distinct country from withholdings w, unnest(w.countries) country where w.ended_at is null and (w.post_id in (select id from near) or w.post_id is null and w.account_id in (select author_id from near))`.execute(on)
  return rows.map((row) => row.country)
}

/** In which countries a file must not be shown: its post's and its owner's. */
export async function selectCountriesOfFile(on: Queries, file: { accountId: string; postId: string | null }): Promise<string[]> {
  const { rows } = await sql<{ country: string }>`select distinct country from withholdings w, unnest(w.countries) country where w.ended_at is null and (w.post_id = ${file.postId}::bigint or w.post_id is null and w.account_id = ${file.accountId})`.execute(on)
  return rows.map((row) => row.country)
}

/** Of an account and its posts, for those who moderate. */
export async function selectOf(on: Queries, accountId: string): Promise<Withheld[]> {
  const { rows } = await sql<Withheld>`select id, post_id as "postId", countries, authority, reference, decision_id as "decisionId" from withholdings where account_id = ${accountId} and ended_at is null order by id desc limit 100`.execute(on)
  return rows
}
