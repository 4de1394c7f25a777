import type { Account } from '#server/domain/accounts/index.ts'
import type { NewPost } from './queries.ts'
import type { PostRow } from './queries-view.ts'

/** What `selectPosts` would find of a post in the moment it was stored, for its author, where nothing belongs to it: no answered post, media, poll, quote, names or tags. */
export function rowOfNew(post: NewPost, author: Account): PostRow {
  const { id, audience, text, html, warning, sensitive, language, state, quotePolicy = 'public', replyPolicy = 'everyone', at } = post
  return {
    id, author_id: author.id, audience, text, html, warning, sensitive, language, state, created_at: at, edited_at: null, deleted_at: null, pinned_at: null,
    reply_to_id: null, reply_to_author_id: null, boost_of_id: null, poll_id: null, media_count: 0, mention_ids: [], tags: [], has_card: false,
    replies_count: 0, likes_count: 0, boosts_count: 0, quotes_count: 0, quote_policy: quotePolicy, quotes: false, quoted_id: null, quote_state: null,
    marks: [], label: '', thread_locked: false, author_state: author.state, follows_author: false, block_between: false, mutes_author: false, mutes_thread: false,
    liked: false, boosted: false, bookmarked: false, withheld: false,
    // What is between somebody and themselves decides nothing.
    reply_policy: replyPolicy, reply_ties: null, thread_id: null, thread_author_id: null, thread_policy: null, thread_ties: null,
  }
}
