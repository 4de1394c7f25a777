import type { LimitedThing } from '#server/domain/accounts/index.ts'
import type { PostMark } from '#server/domain/posts/index.ts'
import type { Act } from './types.ts'

/** Which mark of a post an act puts on or takes off. */
export const marksOf: Partial<Record<Act, { mark: PostMark; on: boolean }>> = {
  mark_sensitive: { mark: 'sensitive', on: true }, unmark_sensitive: { mark: 'sensitive', on: false }, limit_post: { mark: 'limited', on: true }, unlimit_post: { mark: 'limited', on: false },
  adults_only: { mark: 'adults', on: true }, not_adults_only: { mark: 'adults', on: false }, lock_thread: { mark: 'replies', on: true }, unlock_thread: { mark: 'replies', on: false },
  hide_media: { mark: 'media', on: true }, show_media: { mark: 'media', on: false }, hide_links: { mark: 'links', on: true }, show_links: { mark: 'links', on: false },
}
/** What an act stops an account doing. */
export const limitOf: Partial<Record<Act, LimitedThing>> = { cool_down: 'posts', stop_media: 'media', stop_links: 'links', stop_replies: 'replies' }
/** Acts that may end by themselves. */
export const mayEnd = new Set<Act>(['suspend', 'limit', 'cool_down', 'stop_media', 'stop_links', 'stop_replies'])
/** A pause without an end would be a limit: it has one, and a short one. */
export const coolDownHours = { usual: 24, most: 7 * 24 }
