import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import { posterShown } from './queries-poster.ts'
import type { Poster } from './queries-poster.ts'
import type { MediaId, Variant } from './types.ts'

export type FileFacts = {
  id: MediaId; account_id: AccountId; purpose: string; state: string; original_mime: string; variants: Variant[]; post_id: string | null
  /** anybody may see the post it belongs to */
  post_public: boolean
  /** its post was deleted or removed, or moderators took its media out of sight */
  gone: boolean
  /** the picture is its owner's, shown now */
  picture_shown: boolean
  /** those who moderate have a reason to look */
  reviewable: boolean
  /** the first picture of a film that is still being made, where it may be shown */
  poster: Poster | null
  /** the file is captions that were written for it */
  captions: boolean
  /** by what its bytes are kept; null while they lie in the item's own folder */
  sha256: Buffer | null
  bytes: number | null
}

/** What decides who may fetch a file. One look-up by the unguessable key and the file's name. */
export async function selectByKey(on: Queries, key: string, file: string): Promise<FileFacts | undefined> {
  const { rows } = await sql<FileFacts>`
    select m.id, m.account_id, m.purpose, case when m.state = 'ready' and m.screening <> 'clear' then 'processing' else m.state end as state, m.original_mime, m.variants, m.post_id, case when ${posterShown('m')} then m.poster end as poster,
      coalesce(p.audience = 'public' and p.state = 'published' and p.deleted_at is null and a.state = 'active' and not p.marks && array['adults', 'media'], false) as post_public,
      coalesce(p.deleted_at is not null or p.state = 'removed' or 'media' = any(p.marks), false) as gone,
      coalesce((m.id = a.avatar_media_id and a.avatar_state = 'shown') or m.id = a.cover_media_id, false) and a.state in ('active', 'limited') as picture_shown,
      (exists (select from report_posts r where r.post_id = m.post_id) or coalesce(p.state in ('held', 'removed') or 'media' = any(p.marks), false) or m.purpose <> 'post') as reviewable,
      exists (select from media_captions c where c.media_id = m.id and c.file = ${file}) as captions, f.sha256, f.bytes::float8 as bytes
    from media m join accounts a on a.id = m.account_id left join posts p on p.id = m.post_id
      left join media_files mf on mf.media_id = m.id and mf.name = ${file} left join files f on f.sha256 = mf.sha256
    where m.key = ${key}`.execute(on)
  return rows[0]
}
