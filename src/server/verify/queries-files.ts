import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

/** Files whose hash begins with this byte, and one media item that needs each. */
export async function selectShard(on: Queries, first: number): Promise<{ sha256: Buffer; bytes: number; needed_by: string | null }[]> {
  const { rows } = await sql<{ sha256: Buffer; bytes: number; needed_by: string | null }>`
    select f.sha256, f.bytes::float8 as bytes, (select mf.media_id::text from media_files mf where mf.sha256 = f.sha256 union all select 'card ' || k.card_id from card_files k where k.sha256 = f.sha256 union all select 'case ' || e.case_id from evidence_files e where e.sha256 = f.sha256 limit 1) as needed_by
    from files f where f.sha256 >= ${Buffer.from([first])} and ${first === 255 ? sql`true` : sql`f.sha256 < ${Buffer.from([first + 1])}`}`.execute(on)
  return rows
}

/** Files that a row of media promises and that aren't kept by their hash, a page of items at a time: what is shown, once it is ready. Failed ones promise nothing. */
export async function selectFolderFiles(on: Queries, after: string, most: number): Promise<{ id: string; key: string; files: string[] }[]> {
  const { rows } = await sql<{ id: string; key: string; files: string[] }>`
    select m.id, m.key, coalesce(n.files, '{}') as files
    from media m cross join lateral (select array_agg(v->>'file') as files from jsonb_array_elements(m.variants) v
      where v->>'file' is not null and not exists (select from media_files mf where mf.media_id = m.id and mf.name = v->>'file')) n
    where m.id > ${after} and m.state = 'ready' and n.files is not null order by m.id limit ${most}`.execute(on)
  return rows
}

export async function selectKnownKeys(on: Queries, keys: string[]): Promise<Set<string>> {
  const { rows } = await sql<{ key: string }>`select key from media where key = any(${keys})`.execute(on)
  return new Set(rows.map((row) => row.key))
}
