import { sql } from 'kysely'
import type { App } from '../../src/server/app.ts'
import { newMediaKey, storedName } from '../../src/server/domain/media/index.ts'
import type { Queries } from '../../src/server/platform/db/index.ts'

/** Shows media in a post, in this order, with other words than before. */
export async function attachShared(on: Queries, what: { mediaIds: string[]; postId: string; text: string; html: string; language: string }): Promise<void> {
  await sql`with items as (update media set post_id = ${what.postId}, position = wanted.place - 1, created_at = p.created_at from posts p, unnest(${what.mediaIds}::bigint[]) with ordinality as wanted(id, place) where media.id = wanted.id and p.id = ${what.postId} returning media.kind),
      counted as (select count(*)::int as n, array_agg(distinct kind) as kinds from items)
    update posts set text = ${what.text}, html = ${what.html}, language = ${what.language}, media_count = counted.n, media_kinds = counted.kinds from counted where posts.id = ${what.postId} and counted.n > 0`.execute(on)
}

/** The same bytes again, for somebody else and described in their language: a row and a folder of their own. The new id. */
export async function copyMedia(app: App, id: string, ownerId: string, description: string): Promise<string> {
  const on = app.database.queries
  const copy = { id: app.newId<'media'>(), key: newMediaKey() }
  const { rows: [source] } = await sql<{ key: string; files: string[] }>`select key, array(select v->>'file' from jsonb_array_elements(variants) v) as files from media where id = ${id}`.execute(on)
  if (!source) throw new Error(`media ${id} is gone`)
  for (const file of new Set(['original', ...source.files])) {
    const content = await app.files.read(storedName(source.key, file))
    if (content) await app.files.put(storedName(copy.key, file), content)
  }
  await sql`insert into media (id, account_id, kind, purpose, state, progress, key, original_name, original_bytes, original_mime, sha256, md5, width, height, duration, thumbhash, colour, description, tags, waveform, variants, processed_at)
    select ${copy.id}, ${ownerId}, kind, purpose, state, progress, ${copy.key}, original_name, original_bytes, original_mime, sha256, md5, width, height, duration, thumbhash, colour, ${description}, tags, waveform, variants, processed_at from media where id = ${id}`.execute(on)
  await sql`insert into media_fingerprints (media_id, frame_at, hashes, quality) select ${copy.id}, frame_at, hashes, quality from media_fingerprints where media_id = ${id}`.execute(on)
  return copy.id
}
