import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { Cover } from './queries-cover.ts'
import { posterShown } from './queries-poster.ts'
import type { Poster } from './queries-poster.ts'
import type { CaptionTrack, MediaId, MediaKind, MediaPurpose, MediaView, Variant } from './types.ts'

export type MediaRow = {
  id: MediaId; account_id: AccountId; kind: MediaKind; purpose: MediaPurpose; state: MediaView['state']; progress: number; error: string | null
  key: string; original_mime: string; original_name: string; width: number | null; height: number | null; duration: number | null
  thumbhash: Buffer | null; colour: string | null; description: string; focus_x: number; focus_y: number
  tags: { title?: string; artist?: string; album?: string }; waveform: number[] | null; variants: Variant[]; cover: Cover | null; post_id: string | null; sha256: Buffer | null
  /** a picture of a film that is still being made, where it may be shown */
  poster: Poster | null
  captions: { language: string; kind: CaptionTrack['kind']; label: string; file: string }[] | null
}

// Nothing of what nobody has looked at yet, or was stopped, is shown: it is as if it were still being made.
const columns = sql`id, account_id, kind, purpose, case when state = 'ready' and screening <> 'clear' then 'processing' else state end as state, progress, error, key, original_mime, original_name, width, height, duration,
  thumbhash, colour, description, focus_x, focus_y, tags, waveform, variants, cover, post_id, sha256, case when ${posterShown('media')} then poster end as poster,
  case when kind in ('video', 'audio') then (select json_agg(json_build_object('language', c.language, 'kind', c.kind, 'label', c.label, 'file', c.file) order by c.kind, c.language)
    from media_captions c where c.media_id = media.id) end as captions`

export async function selectMedia(on: Queries, ids: string[]): Promise<MediaRow[]> {
  const { rows } = await sql<MediaRow>`select ${columns} from media where id = any(${ids}::bigint[])`.execute(on)
  return rows
}

/** `post_public`: anybody may see the post, so far as the community is open. */
export async function selectMediaOfPosts(on: Queries, postIds: string[]): Promise<(MediaRow & { post_public: boolean })[]> {
  const { rows } = await sql<MediaRow & { post_public: boolean }>`select ${columns}, exists (select from posts p join accounts a on a.id = p.author_id
      where p.id = media.post_id and p.audience = 'public' and p.state = 'published' and p.deleted_at is null and a.state = 'active' and not ('adults' = any(p.marks))) as post_public
    from media where post_id = any(${postIds}::bigint[]) order by post_id, position, id`.execute(on)
  return rows
}

export async function selectOwn(on: Queries, ownerId: AccountId, id: string): Promise<MediaRow | undefined> {
  const { rows } = await sql<MediaRow>`select ${columns} from media where id = ${id} and account_id = ${ownerId}`.execute(on)
  return rows[0]
}

export type NewMedia = { id: MediaId; ownerId: AccountId; kind: MediaKind; purpose: MediaPurpose; key: string; name: string; bytes: number; mime: string; sha256: Buffer; md5: Buffer; sha1: Buffer; width: number | null; height: number | null }

export async function insertMedia(tx: Tx, media: NewMedia): Promise<void> {
  await sql`insert into media (id, account_id, kind, purpose, key, original_name, original_bytes, original_mime, sha256, md5, sha1, width, height, screening)
    values (${media.id}, ${media.ownerId}, ${media.kind}, ${media.purpose}, ${media.key}, ${media.name}, ${media.bytes}, ${media.mime}, ${media.sha256}, ${media.md5}, ${media.sha1}, ${media.width}, ${media.height}, ${media.purpose === 'instance' ? 'clear' : 'waiting'})`.execute(tx)
}

/** Ties free media of the owner to a post, in the given order. Returns those it could tie. */
export async function attachMedia(tx: Tx, ownerId: AccountId, ids: string[], postId: string): Promise<{ kind: MediaKind; state: MediaView['state']; described: boolean }[]> {
  const { rows } = await sql<{ kind: MediaKind; state: MediaView['state']; described: boolean }>`
    update media set post_id = ${postId}, position = x.at - 1
    from unnest(${ids}::bigint[]) with ordinality as x (id, at)
    where media.id = x.id and account_id = ${ownerId} and post_id is null and scheduled_id is null and purpose = 'post'
    returning kind, state, description <> '' as described`.execute(tx)
  return rows
}

export async function detachMedia(tx: Tx, postId: string, keep: string[]): Promise<void> {
  await sql`update media set post_id = null where post_id = ${postId} and id <> all(${keep}::bigint[])`.execute(tx)
}

export type Words = { description: string; focusX: number; focusY: number; tags: MediaRow['tags'] }

export async function updateWords(on: Queries, ownerId: AccountId, id: string, words: Words): Promise<void> {
  await sql`update media set description = ${words.description}, focus_x = ${words.focusX}, focus_y = ${words.focusY}, tags = tags || ${JSON.stringify(words.tags)}::jsonb
    where id = ${id} and account_id = ${ownerId}`.execute(on)
}

/** Deletes an own item that no post uses; its key, or undefined. */
export async function deleteFree(tx: Tx, ownerId: AccountId, id: string): Promise<string | undefined> {
  const { rows } = await sql<{ key: string }>`delete from media m where id = ${id} and account_id = ${ownerId} and post_id is null and scheduled_id is null
    and not exists (select from accounts a where a.id = m.account_id and m.id in (a.avatar_media_id, a.cover_media_id)) and purpose <> 'instance' returning key`.execute(tx)
  return rows[0]?.key
}
