import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

/** Addresses of these pictures, the variant that suits a profile. Joined by id: the media room stands above this one. */
export async function selectPictures(on: Queries, mediaIds: string[]): Promise<Map<string, string>> {
  if (mediaIds.length === 0) return new Map()
  const { rows } = await sql<{ id: string; url: string | null }>`
    select m.id, '/media/files/' || m.key || '/' || (
      select v->>'file' from jsonb_array_elements(m.variants) v
      where v->>'mime' = 'image/webp'
      order by abs((v->>'width')::int - case m.purpose when 'avatar' then 400 else 1280 end) limit 1) as url
    from media m where m.id = any(${mediaIds}::bigint[]) and m.state = 'ready' and m.screening = 'clear'`.execute(on)
  return new Map(rows.flatMap((row) => row.url ? [[row.id, row.url] as const] : []))
}

/** Is this a picture of the account's own, made for this purpose? */
export async function selectOwnPicture(tx: Tx, accountId: string, mediaId: string, purpose: string): Promise<boolean> {
  const row = await tx.selectFrom('media').select('id').where('id', '=', mediaId).where('account_id', '=', accountId).where('purpose', '=', purpose).where('kind', 'in', ['image', 'animation']).executeTakeFirst()
  return row !== undefined
}
