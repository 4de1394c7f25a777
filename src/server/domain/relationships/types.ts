import type { Id } from '#server/platform/ids/index.ts'

/** What is between the viewer and one other account. */
export type RelationshipView = {
  following: boolean
  /** the viewer asked to follow and waits */
  requested: boolean
  /** the other asked to follow the viewer and waits */
  requestedBy: boolean
  followedBy: boolean
  blocking: boolean
  blockedBy: boolean
  muting: boolean
  /** ISO time; null for a mute without end */
  mutingUntil: string | null
  /** the viewer wants to hear of each new post */
  notify: boolean
  showBoosts: boolean
}

export type HiddenPhrase = {
  id: Id<'phrase'>
  phrase: string
  wholeWord: boolean
  /** hide: the post isn't listed · warn: it is listed behind a notice */
  action: 'hide' | 'warn'
  /** ISO time; null for ever */
  expiresAt: string | null
}

export type FollowedTag = { name: string; displayName: string }
