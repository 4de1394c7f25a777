import type { App } from '#server/app.ts'
import type { Account, Viewer } from '#server/domain/accounts/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { conflict, invalid, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import type { Page } from '#server/platform/page/index.ts'
import { cleanAsk, cutPage } from '#server/platform/page/index.ts'
import { quotePolicies } from './create.ts'
import { originalOf } from './like.ts'
import { lockPost } from './queries.ts'
import { lockQuote, recountQuotes, selectQuotes, setQuotePolicy, setQuoteState } from './queries-quotes.ts'
import type { LockedQuote } from './queries-quotes.ts'
import type { PostId, PostsAsk, PostView, QuotePolicy } from './types.ts'
import { postViews, seePost } from './view.ts'
import { readerOf } from './reader.ts'

/** Says anew who may quote an own post. What is quoted already stays quoted. */
export async function changeQuotePolicy(app: App, author: Account, id: PostId, policy: QuotePolicy): Promise<PostView> {
  if (!quotePolicies.includes(policy)) throw invalid('badQuotePolicy')
  if (!isId(id)) throw notFound()
  await app.database.inTransaction(async (tx) => {
    const post = await lockPost(tx, id)
    if (!post || post.author_id !== author.id || post.boost_of_id) throw notFound()
    await setQuotePolicy(tx, id, policy)
  })
  return seePost(app, author, id)
}

/** The quoted author agrees to a quote that waited for it. Twice is once. */
export async function acceptQuote(app: App, author: Account, quoteId: PostId): Promise<PostView> {
  return decide(app, author, quoteId, (quote) => {
    if (quote.state === 'rejected' || quote.state === 'revoked') throw conflict('quoteRefused')
    return 'accepted'
  })
}

/** The quoted author takes their post out of a quote, or refuses one that waits; it doesn't come back. The quoting post stays. Twice is once. `quotedId`: which post is quoted, where the asker names it. */
export async function revokeQuote(app: App, author: Account, quoteId: PostId, quotedId?: PostId): Promise<PostView> {
  return decide(app, author, quoteId, (quote) => {
    if (quotedId !== undefined && quote.quoted_id !== quotedId) throw notFound()
    return quote.state === 'accepted' ? 'revoked' : quote.state === 'pending' ? 'rejected' : quote.state
  })
}

/** Who quotes a post, the newest first, as far as the viewer may see it. `waiting`: those that wait for its author; only for them. */
export async function quotesOf(app: App, viewer: Viewer, id: PostId, ask: PostsAsk & { waiting?: boolean } = {}): Promise<Page<PostView>> {
  const seen = await seePost(app, viewer, id)
  const post = seen.boostOf ?? seen
  if (ask.waiting && !post.viewer.mine) throw notFound()
  const clean = cleanAsk(ask)
  const page = cutPage(await selectQuotes(app.database.queries, post.id, [ask.waiting ? 'pending' : 'accepted'], await readerOf(app, viewer), clean), clean, (quote) => quote)
  return { ...page, items: await postViews(app, viewer, page.items, { filter: 'thread', annotate: ask.annotate }) }
}

/** A post was published or taken away: what it quotes is counted again. Twice is once. */
export async function countQuotes(app: App, postId: PostId): Promise<void> {
  await recountQuotes(app.database.queries, [postId])
}

async function decide(app: App, author: Account, quoteId: PostId, next: (quote: LockedQuote) => LockedQuote['state']): Promise<PostView> {
  const { id } = await originalOf(app, author, quoteId)
  await app.database.inTransaction(async (tx: Tx) => {
    const quote = await lockQuote(tx, id)
    if (!quote || quote.quoted_author_id !== author.id) throw notFound()
    const state = next(quote)
    if (state === quote.state) return
    await setQuoteState(tx, id, state)
    await recountQuotes(tx, [id])
    await app.bus.publish(tx, { type: 'post.edited', postId: id, authorId: quote.author_id })
  })
  return seePost(app, author, id)
}
