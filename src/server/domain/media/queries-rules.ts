import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { MediaId, Variant } from './types.ts'

export type RuleName = 'originals' | 'avif' | 'film' | 'sound'
export type RuleRow = { what: RuleName; months: number | null; state: 'idle' | 'waiting' | 'running'; done: number; total: number; freed: number; ran_at: Date | null }

export async function selectRules(on: Queries): Promise<RuleRow[]> {
  const { rows } = await sql<RuleRow>`select what, months, state, done, total, freed::float8 as freed, ran_at from media_rules`.execute(on)
  return rows
}

export async function writeRule(tx: Tx, what: RuleName, months: number | null): Promise<void> {
  await sql`insert into media_rules (what, months) values (${what}, ${months}) on conflict (what) do update set months = excluded.months`.execute(tx)
}

export type Progress = Pick<RuleRow, 'state' | 'done' | 'total' | 'freed'> & { at: Date | null }
export async function writeProgress(on: Queries | Tx, what: RuleName, progress: Progress): Promise<void> {
  await sql`update media_rules set state = ${progress.state}, done = ${progress.done}, total = ${progress.total}, freed = ${progress.freed}, ran_at = coalesce(${progress.at}, ran_at) where what = ${what}`.execute(on)
}

const showable = sql`m.state = 'ready' and exists (select from jsonb_array_elements(m.variants) s where s->>'name' like 'still%' or s->>'name' like 'play%')`
const side = (v: string) => sql.raw(`least((${v}->>'width')::int, (${v}->>'height')::int)`)

/** Which files of which items a rule lets go: never the last that can be shown or played. */
const goes = {
  originals: sql`select m.id as media_id, mf.name from media m join media_files mf on mf.media_id = m.id and mf.name = 'original' where ${showable}`,
  avif: sql`select m.id as media_id, v->>'file' as name from media m cross join lateral jsonb_array_elements(m.variants) v
    where m.state = 'ready' and m.kind = 'image' and v->>'mime' = 'image/avif' and (v->>'width')::int > 1280
      and exists (select from jsonb_array_elements(m.variants) o where o->>'mime' = 'image/webp' and o->>'name' like 'still%' and (o->>'width')::int >= (v->>'width')::int)`,
  film: sql`select m.id as media_id, w->>'file' as name from media m cross join lateral jsonb_array_elements(m.variants) v
      cross join lateral jsonb_array_elements(m.variants) w
    where m.state = 'ready' and m.kind = 'video' and v->>'mime' = 'video/mp4' and v->>'name' like 'play%' and ${side('v')} > 480
      and exists (select from jsonb_array_elements(m.variants) o where o->>'mime' = 'video/mp4' and o->>'name' like 'play%' and ${side('o')} <= 480)
      and (w->>'name' = v->>'name' or w->>'name' = 'list-' || (v->>'name'))`,
  sound: sql`select m.id as media_id, v->>'file' as name from media m cross join lateral jsonb_array_elements(m.variants) v
    where m.state = 'ready' and m.kind = 'audio' and v->>'name' = 'lossless' and exists (select from jsonb_array_elements(m.variants) o where o->>'name' like 'play%')`,
} as const

const old = (before: Date) => sql`m.created_at < ${before} and m.stored_at is not null and m.purpose = 'post' and not exists (select from accounts f where f.id = m.account_id and f.frozen_at is not null)`

/** What would go: items, files, and bytes that nobody else needs. */
export async function previewRule(on: Queries, what: RuleName, before: Date): Promise<{ items: number; files: number; bytes: number }> {
  const { rows } = await sql<{ items: number; files: number; bytes: number }>`with c as materialized (${goes[what]} and ${old(before)}),
    there as (select c.media_id, c.name, mf.sha256 from c join media_files mf using (media_id, name)),
    alone as (select sha256 from there group by sha256 having count(*) = (select count(*) from media_files o where o.sha256 = there.sha256))
    select (select count(distinct media_id)::int from there) as items, (select count(*)::int from there) as files,
      (select coalesce(sum(f.bytes), 0)::float8 from files f join alone using (sha256)) as bytes`.execute(on)
  return rows[0]!
}

/** The next items after this one that the rule is about. */
export async function selectForRule(on: Queries, what: RuleName, before: Date, after: string, most: number): Promise<MediaId[]> {
  const { rows } = await sql<{ media_id: MediaId }>`select distinct media_id from (${goes[what]} and ${old(before)} and m.id > ${after}) c
    where exists (select from media_files mf where mf.media_id = c.media_id and mf.name = c.name) order by media_id limit ${most}`.execute(on)
  return rows.map((row) => row.media_id)
}

/** The files of one item that go, with the item's row held and its variants as they are now. Undefined when there are none. */
export async function lockForRule(tx: Tx, what: RuleName, before: Date, id: MediaId): Promise<{ variants: Variant[]; names: string[] } | undefined> {
  const locked = await sql<{ variants: Variant[] }>`select variants from media where id = ${id} and state = 'ready' for update`.execute(tx)
  const { rows } = await sql<{ name: string }>`select name from (${goes[what]} and ${old(before)} and m.id = ${id}) c`.execute(tx)
  return locked.rows[0] && rows.length ? { variants: locked.rows[0].variants, names: [...new Set(rows.map((row) => row.name))] } : undefined
}

/** Lets go of these files; the bytes that nobody else needs. */
export async function detachFiles(tx: Tx, id: MediaId, names: string[], variants: Variant[]): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`with gone as (delete from media_files where media_id = ${id} and name = any(${names}) returning sha256)
    select coalesce(sum(f.bytes), 0)::float8 as bytes from files f where f.sha256 in (select sha256 from gone)
      and not exists (select from media_files o where o.sha256 = f.sha256 and not (o.media_id = ${id} and o.name = any(${names})))`.execute(tx)
  await sql`update media set variants = ${JSON.stringify(variants)}::jsonb where id = ${id}`.execute(tx)
  return rows[0]!.bytes
}
