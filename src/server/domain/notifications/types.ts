import type { AccountView } from '#server/domain/accounts/index.ts'
import type { PostView } from '#server/domain/posts/index.ts'

export type NotificationKind = 'follow' | 'follow_request' | 'mention' | 'reply' | 'like' | 'boost' | 'poll' | 'announcement' | 'moderation' | 'report' | 'signup' | 'post' | 'edit' | 'quote' | 'quoted_update'
/** What is shown as one: "Somebody and 12 others liked your post". */
export type NotificationGroup = {
  key: string
  kind: NotificationKind
  /** newest of the group; also its cursor */
  latestId: string
  /** up to three, newest first */
  accounts: AccountView[]
  count: number
  post: PostView | null
  data: Record<string, string>
  createdAt: string
  unread: boolean
}
export type NotificationFilter = 'all' | 'mentions' | 'likes' | 'boosts' | 'follows' | 'community'

/** One notification, with what it is about. */
export type NotificationView = {
  id: string
  kind: NotificationKind
  groupKey: string
  /** null for what nobody did, as the end of one's own poll */
  from: AccountView | null
  post: PostView | null
  data: Record<string, string>
  createdAt: string
  /** a policy set it aside */
  filtered: boolean
}

/** Which part of a list: `sinceId` gives the newest above it, `minId` those directly above it. Bad ids count as none. */
export type NotificationAsk = {
  maxId?: string
  sinceId?: string
  minId?: string
  /** 1–80; 40 when left out */
  limit?: number
  /** only these; all that apps know when left out */
  kinds?: NotificationKind[]
  /** only what comes from this account */
  fromId?: string
  /** also what a policy set aside */
  withFiltered?: boolean
}

/** A part of a list and the ids of its ends, for the next ask: `last` as `maxId`, `first` as `minId`. Items that can't be shown any more are left out, the ends are not. */
export type NotificationPart<Item> = { items: Item[]; first: string | null; last: string | null; full: boolean }

/** A group as apps see it. */
export type GroupView = {
  /** 'ungrouped-ID' for what stands alone */
  key: string
  kind: NotificationKind
  /** how many notifications */
  count: number
  latestId: string
  latestAt: string
  /** the oldest and newest of the group within this part of the list */
  minId: string
  maxId: string
  /** up to eight, newest first */
  accounts: AccountView[]
  post: PostView | null
  data: Record<string, string>
}

export type Verdict = 'accept' | 'filter' | 'drop'
/** What happens with notifications of certain people: accept them, set them aside as a request, or drop them. */
export type NotificationPolicy = Record<'notFollowing' | 'notFollowers' | 'newAccounts' | 'privateMentions' | 'limitedAccounts', Verdict>
/** How much waits; both stop counting at 100. */
export type RequestSummary = { requests: number; notifications: number }

/** Somebody whose notifications were set aside. */
export type RequestView = { id: string; from: AccountView; lastPost: PostView | null; count: number; createdAt: string; updatedAt: string }
