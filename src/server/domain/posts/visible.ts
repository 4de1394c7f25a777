import type { Account, AccountId, AccountState } from '#server/domain/accounts/index.ts'
import type { Audience } from './types.ts'

/** What decides whether one viewer may see one post, loaded for both. */
export type PostFacts = {
  authorId: AccountId
  authorState: AccountState
  audience: Audience
  state: 'processing' | 'published' | 'held' | 'removed'
  deleted: boolean
  /** moderators keep it for members who said that they are adults */
  adultsOnly: boolean
  /** the viewer is named in it */
  mentionsViewer: boolean
  /** the viewer follows the author, accepted */
  followsAuthor: boolean
  /** either blocks the other */
  blockBetween: boolean
  /** the law of the country from which is read wants it unseen there */
  withheld: boolean
}

/** Who reads, as far as it decides what they see. */
type Eyes = Pick<Account, 'id' | 'state' | 'preferences'> | null

/** Who is reading: null for nobody, or for an account that can't act (waiting, suspended, deleted). */
export const reader = (viewer: Pick<Account, 'id' | 'state'> | null): AccountId | null => viewer && (viewer.state === 'active' || viewer.state === 'limited') ? viewer.id : null

/**
 * May this viewer see this post? The one answer; `visiblePost` (queries-visible.ts) says the same as SQL and
 * a test holds them together. A boost is seen when both it and the boosted post may be seen.
 */
export function visibleTo(viewer: Eyes, readMode: 'everyone' | 'members', post: PostFacts): boolean {
  const readerId = reader(viewer)
  if (readerId === null && readMode === 'members') return false
  if (post.deleted) return false
  const mine = readerId !== null && readerId === post.authorId
  // Whoever can't act has no ties: they see what anybody sees.
  const follows = readerId !== null && post.followsAuthor
  const named = readerId !== null && post.mentionsViewer
  if (post.state !== 'published' && !(mine && (post.state === 'processing' || post.state === 'held'))) return false
  if (mine) return true
  if (post.withheld) return false
  if (post.adultsOnly && (readerId === null || viewer?.preferences.adult !== true)) return false
  if (post.authorState !== 'active' && !(post.authorState === 'limited' && follows)) return false
  if (readerId !== null && post.blockBetween) return false
  switch (post.audience) {
    case 'public': return true
    case 'members': return readerId !== null
    case 'followers': return follows || named
    case 'mentioned': return named
  }
}
