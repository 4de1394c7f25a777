import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { MediaId, Variant } from './types.ts'

export type NamedFile = { name: string; sha256: Buffer; bytes: number }

/** Somebody is about to need this file: it isn't swept away for a while. */
export async function wantFile(on: Queries, file: { sha256: Buffer; bytes: number; at: Date }): Promise<void> {
  await sql`insert into files (sha256, bytes, wanted_at) values (${file.sha256}, ${file.bytes}, ${file.at})
    on conflict (sha256) do update set wanted_at = greatest(files.wanted_at, excluded.wanted_at), bytes = excluded.bytes`.execute(on)
}

/** The same for files that should be there already. False when one of them isn't. */
export async function wantFiles(tx: Tx, hashes: Buffer[], at: Date): Promise<boolean> {
  const { rows } = await sql`update files set wanted_at = greatest(wanted_at, ${at}) where sha256 = any(${hashes}::bytea[]) returning sha256`.execute(tx)
  return rows.length === new Set(hashes.map((hash) => hash.toString('hex'))).size
}

/** From now on these files are this item's. */
export async function nameFiles(tx: Tx, id: MediaId, files: Pick<NamedFile, 'name' | 'sha256'>[]): Promise<void> {
  await sql`insert into media_files (media_id, name, sha256)
    select ${id}, x.name, x.sha256 from unnest(${files.map((one) => one.name)}::text[], ${files.map((one) => one.sha256)}::bytea[]) as x (name, sha256)
    on conflict (media_id, name) do update set sha256 = excluded.sha256`.execute(tx)
}

/** The same, and with them all of the item is kept by hash. */
export async function attachFiles(tx: Tx, id: MediaId, files: Pick<NamedFile, 'name' | 'sha256'>[], at: Date): Promise<void> {
  await nameFiles(tx, id, files)
  await sql`update media set stored_at = ${at} where id = ${id}`.execute(tx)
}

export async function selectFile(on: Queries, id: string, name: string): Promise<NamedFile | undefined> {
  const { rows } = await sql<NamedFile>`select mf.name, mf.sha256, f.bytes::float8 as bytes from media_files mf join files f using (sha256) where mf.media_id = ${id} and mf.name = ${name}`.execute(on)
  return rows[0]
}

export type Unstored = { id: MediaId; key: string; variants: Variant[] }

/** Ready items whose files still lie in folders of their own; oldest first. */
export async function selectUnstored(on: Queries, after: string, most: number): Promise<Unstored[]> {
  const { rows } = await sql<Unstored>`select id, key, variants from media where stored_at is null and state = 'ready' and id > ${after} order by id limit ${most}`.execute(on)
  return rows
}

export async function countUnstored(on: Queries): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from media where stored_at is null and state = 'ready'`.execute(on)
  return rows[0]!.count
}

/** True while the item is ready, has these variants, and its files lie in a folder of its own. Holds the row. */
export async function lockUnstored(tx: Tx, item: Unstored): Promise<boolean> {
  const { rows } = await sql`select id from media where id = ${item.id} and stored_at is null and state = 'ready' and variants = ${JSON.stringify(item.variants)}::jsonb for update`.execute(tx)
  return rows.length > 0
}

/** Files nobody has wanted since `before` and no item, no evidence and no card needs, taken off the list. Their rows stay locked until the commit: whoever wants one waits. */
export async function takeUnneeded(tx: Tx, before: Date, most: number): Promise<Buffer[]> {
  const locked = await sql<{ sha256: Buffer }>`select sha256 from files f where wanted_at < ${before}
    and not exists (select from media_files mf where mf.sha256 = f.sha256) and not exists (select from evidence_files e where e.sha256 = f.sha256) and not exists (select from card_files k where k.sha256 = f.sha256) order by wanted_at limit ${most} for update skip locked`.execute(tx)
  // Asked again now that the rows are ours: an item may have taken one in between.
  const { rows } = await sql<{ sha256: Buffer }>`delete from files f where sha256 = any(${locked.rows.map((row) => row.sha256)}::bytea[]) and wanted_at < ${before}
    and not exists (select from media_files mf where mf.sha256 = f.sha256) and not exists (select from evidence_files e where e.sha256 = f.sha256) and not exists (select from card_files k where k.sha256 = f.sha256) returning sha256`.execute(tx)
  return rows.map((row) => row.sha256)
}

/** Files found in storage that no row speaks of get one, wanted by nobody: the sweep does the rest. How many there were. */
export async function listStrays(on: Queries, files: { sha256: Buffer; bytes: number }[]): Promise<number> {
  const { rows } = await sql`insert into files (sha256, bytes, wanted_at) select x.sha256, x.bytes, 'epoch'
    from unnest(${files.map((one) => one.sha256)}::bytea[], ${files.map((one) => one.bytes)}::bigint[]) as x (sha256, bytes) on conflict do nothing returning sha256`.execute(on)
  return rows.length
}

/** What was made of originals that nobody has any more. */
export async function forgetMade(on: Queries): Promise<void> {
  await sql`delete from media_made d where not exists (select from media m where m.sha256 = d.sha256)`.execute(on)
}

/** What is known of these folders' items: their key, since when their files are kept by hash, and which. Unknown keys are left out. */
export async function selectFolders(on: Queries, keys: string[]): Promise<Map<string, { stored_at: Date | null; names: string[] }>> {
  const { rows } = await sql<{ key: string; stored_at: Date | null; names: string[] }>`select m.key, m.stored_at, coalesce((select array_agg(mf.name) from media_files mf where mf.media_id = m.id), '{}') as names
    from media m where m.key = any(${keys})`.execute(on)
  return new Map(rows.map(({ key, ...rest }) => [key, rest]))
}
