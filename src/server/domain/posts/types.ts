import type { CardView } from '#server/domain/cards/index.ts'
import type { App } from '#server/app.ts'
import type { Account, AccountId, AccountView } from '#server/domain/accounts/index.ts'
import type { FilterMatch } from '#server/domain/filters/index.ts'
import type { MediaId, MediaView } from '#server/domain/media/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import type { Id } from '#server/platform/ids/index.ts'
import type { PageAsk } from '#server/platform/page/index.ts'

export type PostId = Id<'post'>
/** public: everyone · members: signed-in members · followers: the author's followers · mentioned: the people named */
export type Audience = 'public' | 'members' | 'followers' | 'mentioned'

/**
 * What moderators put on a post: sensitive, limited (followers see it, lists don't), adults (for members who said they are), media and
 * links (not shown), replies (nobody answers it, nor anything below it).
 */
export type PostMark = 'sensitive' | 'limited' | 'adults' | 'media' | 'links' | 'replies'

/** Who may quote a post: everybody who may read it, the author's followers, everybody with the author's word for each, nobody. The author always may. */
export type QuotePolicy = 'public' | 'followers' | 'ask' | 'nobody'

/** Who may answer a post: everybody who may read it, the author's followers, those whom the author follows, those who are named, nobody. Who is named may unless it is nobody; the author always may. */
export type ReplyPolicy = 'everyone' | 'followers' | 'followed' | 'mentioned' | 'nobody'

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
  /** the post that this one quotes */
  quotedId?: PostId
  /** who may quote this one; the author's default when left out */
  quotePolicy?: QuotePolicy
  /** who may answer this one; when left out, the author's default for what begins a thread, everybody for an answer */
  replyPolicy?: ReplyPolicy
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

/** pending: the quoted author hasn't answered · rejected, revoked: they said no, before or after · deleted: it is gone · unauthorized: not for this viewer */
export type QuoteState = 'pending' | 'accepted' | 'rejected' | 'revoked' | 'deleted' | 'unauthorized' | 'muted_account'
export type QuoteView = {
  state: QuoteState
  /** null where it is gone for good */
  postId: PostId | null
  /** the viewer wrote what is quoted: their word counts */
  mine: boolean
  /** the quoted post, where it is accepted and the viewer may see it; a quote within it has no post of its own */
  post: PostView | null
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
  /** the moderators' words about it; '' for none */
  label: string
  /** what moderators put on it: everybody may know but of `limited`, which only its author and moderators do */
  marks: PostMark[]
  language: string | null
  createdAt: string
  editedAt: string | null
  replyTo: { id: PostId; author: AccountView } | null
  /** when this is a boost: the boosted post (html, counts etc. are its own there) */
  boostOf: PostView | null
  quote: QuoteView | null
  quotePolicy: QuotePolicy
  replyPolicy: ReplyPolicy
  /** of the post that begins the thread, where that is another one: it holds here as well */
  threadPolicy: ReplyPolicy
  media: MediaView[]
  /** what its link leads to; never beside media or a quote */
  card: CardView | null
  poll: PollView | null
  mentions: { id: AccountId; username: string }[]
  tags: string[]
  repliesCount: number
  likesCount: number
  boostsCount: number
  quotesCount: number
  pinned: boolean
  /** moderators ended the conversation: nobody replies any more */
  threadLocked: boolean
  state: 'processing' | 'published' | 'held' | 'removed'
  /** `mutedThread`: the viewer doesn't want to hear of this thread */
  viewer: { liked: boolean; boosted: boolean; bookmarked: boolean; mine: boolean; mutedAuthor: boolean; mutedThread: boolean; canBoost: boolean; canReply: boolean; canQuote: 'yes' | 'ask' | 'no' }
  /** the viewer's filters that match; on a list, those of that place */
  filtered: FilterMatch[]
}

/** An ask for a list of posts. `annotate`: leaves in what filters hide, and names the filters; for apps, which hide it themselves. */
export type PostsAsk = PageAsk & { annotate?: boolean }

export type { Page, PageAsk } from '#server/platform/page/index.ts'

/** What may change about a post. What is left out stays. */
/** `poll`: other answers than before begin it anew; the same ones leave it as it is. */
export type PostChange = { text?: string; warning?: string; sensitive?: boolean; language?: string; mediaIds?: MediaId[]; poll?: Draft['poll'] }

/** One version of a post, for its history. */
export type EditView = { text: string; html: string; warning: string; sensitive: boolean; createdAt: string }

export type ThreadView = {
  /** from the start of the thread down to the post's parent */
  ancestors: PostView[]
  post: PostView
  /** depth 1 answers the post, 2 answers an answer, … in reading order */
  replies: { post: PostView; depth: number }[]
  /** pass as `after` for the next replies; null when there are no more */
  moreReplies: string | null
}

/** Asked before a post is published or changed. The room above fills it with `useScreen`. `mentions`: people who are named; `options`: of its poll. */
export type ScreenPort = (app: App, what: { author: Account; postId: PostId; text: string; warning: string; mediaIds: MediaId[]; edit: boolean; /** something somebody said */ answers: boolean; audience: Audience; options: string[]; mentions: number; language: string | null }) => Promise<ScreenAnswer>
/**
 * pass: publish · hold: keep for a moderator, only the author sees it · refuse: `code` is a key of error.*
 * `limited`: the community's lists don't show it. `after` is done in the transaction that stores the post, once it is stored; `atEnd` says what goes
 * with its last statement.
 */
export type ScreenAnswer = { act: 'pass' | 'hold'; limited?: boolean; after?: (tx: Tx) => Promise<void>; atEnd?: (tx: Tx) => void } | { act: 'refuse'; code: string; params?: Record<string, string | number> }
