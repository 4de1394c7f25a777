import type { AccountId, AccountView } from '#server/domain/accounts/index.ts'
import type { MediaId, MediaView } from '#server/domain/media/index.ts'
import type { Id } from '#server/platform/ids/index.ts'

export type PostId = Id<'post'>
/** public: everyone · members: signed-in members · followers: the author's followers · mentioned: the people named */
export type Audience = 'public' | 'members' | 'followers' | 'mentioned'

/** What a member hands in to make a post. */
export type Draft = {
  text: string
  audience: Audience
  warning?: string
  sensitive?: boolean
  language?: string
  replyToId?: PostId
  mediaIds?: MediaId[]
  poll?: { options: string[]; multiple: boolean; hideTotals: boolean; seconds: number }
  /** the same key twice makes one post */
  idempotencyKey?: string
  appName?: string
}

export type PollView = {
  id: string
  options: { title: string; votes: number | null }[]
  multiple: boolean
  endsAt: string
  ended: boolean
  voters: number
  /** positions this viewer chose; null when they haven't voted */
  ownVotes: number[] | null
}

/** A post as one viewer may see it. Plain data: safe to hand to a page. */
export type PostView = {
  id: PostId
  /** the address of its page, '/@name/ID' */
  url: string
  author: AccountView
  audience: Audience
  text: string
  /** safe HTML, made by the one sanitiser */
  html: string
  warning: string
  sensitive: boolean
  language: string | null
  createdAt: string
  editedAt: string | null
  replyTo: { id: PostId; author: AccountView } | null
  /** when this is a boost: the boosted post (html, counts etc. are its own there) */
  boostOf: PostView | null
  media: MediaView[]
  poll: PollView | null
  mentions: { id: AccountId; username: string }[]
  tags: string[]
  repliesCount: number
  likesCount: number
  boostsCount: number
  pinned: boolean
  state: 'processing' | 'published' | 'held' | 'removed'
  viewer: { liked: boolean; boosted: boolean; bookmarked: boolean; mine: boolean; mutedAuthor: boolean; canBoost: boolean }
  /** a hidden word with action 'warn' that matched */
  filteredBy: string | null
}

/** One page of a list. Cursors are ids: pass `older` as `before`, `newer` as `after`. */
export type Page<Item> = { items: Item[]; older: string | null; newer: string | null }
export type PageAsk = { before?: string; after?: string; limit?: number }
