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
  /** the mute covers notifications, too */
  mutingNotifications: boolean
  /** the viewer wants to hear of each new post */
  notify: boolean
  showBoosts: boolean
  /** only posts in these languages come home, and those without one; null for all */
  languages: string[] | null
  /** the viewer shows the other on their profile */
  endorsed: boolean
  /** what the viewer noted about the other, for themselves */
  note: string
}

export type FollowedTag = { name: string; displayName: string }
