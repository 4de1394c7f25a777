import type { AccountId, AccountState, Role } from '#server/domain/accounts/index.ts'

/** 0 new · 1 basic · 2 member · 3 regular · 4 leads here */
export type Level = 0 | 1 | 2 | 3 | 4
export const levels: readonly Level[] = [0, 1, 2, 3, 4]

/** What a level asks for, all of it: days since joining, days on which they were here, posts that stand, people who liked one of them. */
export type Needs = { days: number; readDays: number; posts: number; likers: number }
/** What members below a level are kept to. */
export type NewcomerLimits = { below: number; links: number; media: number; mentions: number; postsAnHour: number; followsADay: number; messagesADay: number }
export type TrustSettings = { needs: Record<1 | 2 | 3, Needs>; /** at which level they begin */ start: Record<'open' | 'approval' | 'invitation', number>; limits: NewcomerLimits }

/** What is known of a member. `strikes`: what of the decisions against them still counts, until `strikesUntil`. */
export type TrustFacts = Needs & {
  role: Role
  state: AccountState
  cameBy: 'open' | 'approval' | 'invitation' | null
  strikes: number
  strikesUntil: Date | null
  pinned: Level | null
  heldUntil: Date | null
}

/** What still keeps somebody from a level: the longest way of those there are. */
export type Missing = { what: 'hours' | 'days' | 'readDays' | 'posts' | 'likers'; count: number }

/** How a member stands, for themselves and for moderators. */
export type TrustView = {
  accountId: AccountId
  level: Level
  /** how it came to be that one */
  because: 'earned' | 'pinned' | 'role' | 'held' | 'lowered'
  facts: Needs
  /** the next level by taking part, with what it asks for; null where there is none, or where that isn't what counts */
  next: { level: Level; needs: Needs } | null
  strikesUntil: string | null
  heldUntil: string | null
  /** what the member is kept to now; null for nothing */
  limits: NewcomerLimits | null
  pinned: { why: string; byId: AccountId | null } | null
}
