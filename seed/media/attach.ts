import { sql } from 'kysely'
import type { App } from '../../src/server/app.ts'
import { newMediaKey } from '../../src/server/domain/media/index.ts'
import type { Queries } from '../../src/server/platform/db/index.ts'

/** Shows media in a post, in this order, with other words than before. */
export async function attachShared(on: Queries, what: { mediaIds: string[]; postId: string; text: string; html: string; language: string }): Promise<void> {
  await sql`with items as (update media set post_id = ${what.postId}, position = wanted.place - 1, created_at = p.created_at from posts p, unnest(${what.mediaIds}::bigint[]) with ordinality as wanted(id, place) where media.id = wanted.id and p.id = ${what.postId} returning media.kind),
      counted as (select count(*)::int as n, array_agg(distinct kind) as kinds from items)
    update posts set text = ${what.text}, html = ${what.html}, language = ${what.language}, media_count = counted.n, media_kinds = counted.kinds from counted where posts.id = ${what.postId} and counted.n > 0`.execute(on)
}

/** The same again, for somebody else and described in their language: a row of their own, and not a byte more. The new id. */
export async function copyMedia(app: App, id: string, ownerId: string, description: string): Promise<string> {
  const on = app.database.queries
  const copy = { id: app.newId<'media'>(), key: newMediaKey() }
  await sql`insert into media (id, account_id, kind, purpose, state, progress, key, original_name, original_bytes, original_mime, sha256, md5, width, height, duration, thumbhash, colour, description, tags, waveform, variants, processed_at, stored_at)
    select ${copy.id}, ${ownerId}, kind, purpose, state, progress, ${copy.key}, original_name, original_bytes, original_mime, sha256, md5, width, height, duration, thumbhash, colour, ${description}, tags, waveform, variants, processed_at, stored_at from media where id = ${id}`.execute(on)
  await sql`insert into media_files (media_id, name, sha256) select ${copy.id}, name, sha256 from media_files where media_id = ${id}`.execute(on)
  await sql`insert into media_fingerprints (media_id, frame_at, hashes, quality) select ${copy.id}, frame_at, hashes, quality from media_fingerprints where media_id = ${id}`.execute(on)
  return copy.id
}
