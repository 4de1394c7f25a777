import type { App } from '#server/app.ts'
import { accountView, demandUnlimited } from '#server/domain/accounts/index.ts'
import type { Account, AccountView } from '#server/domain/accounts/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { claimMedia } from '#server/domain/media/index.ts'
import { countryHere } from '#server/domain/withholding/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { invalid, invalidForm, notAllowed, notFound } from '#server/platform/errors.ts'
import { readText } from '#server/platform/text/render.ts'
import { readPoll } from './polls.ts'
import { requireVoice } from './voice.ts'
import { insertPoll, insertPost, insertPostAtEnd, isKeyTaken, isThreadLocked, noteMedia, selectAttached, selectKeyed, selectThread, setMentions, setTags, takeIdempotencyKey, updateState } from './queries.ts'
import type { NewPost } from './queries.ts'
import { insertQuote } from './queries-quotes.ts'
import { replyPolicies, whoIsNamed } from './replies.ts'
import { screenOf } from './screen.ts'
import { announce } from './state.ts'
import { readWritten, renderText } from './text.ts'
import type { Audience, Draft, PostId, PostView, QuotePolicy } from './types.ts'
import { seeOwnNew, seePost } from './view.ts'

export const quotePolicies: readonly QuotePolicy[] = ['public', 'followers', 'ask', 'nobody']
const order: Audience[] = ['public', 'members', 'followers', 'mentioned']
export const postLimit = { name: 'posts', most: 300, seconds: 3600 }
const mostMedia = 10

/**
 * Publishes a post, or keeps it ('processing') until its media are ready. Whoever should hear of it is decided in
 * events.ts. The same idempotency key gives the same post. Problems name `text`, `warning`, `media`, `poll`.
 * `alongside` is done in the same transaction, first; what it throws undoes everything.
 */
export async function createPost(app: App, author: Account, draft: Draft, alongside?: (tx: Tx) => Promise<void>): Promise<PostView> {
  const { text, warning, mediaIds, poll, parent, quoted, does } = await readDraft(app, author, draft)
  const audience = parent ? order[Math.max(order.indexOf(draft.audience), order.indexOf(parent.audience))]! : draft.audience
  const written = await renderText(app, text)
  // Whoever is answered in a small circle must be able to read it.
  const threadId = parent ? await selectThread(app.database.queries, parent.id) : undefined
  const named = await whoIsNamed(app, author, written.mentionIds, { audience, threadId: threadId ?? null })
  if (parent && (audience === 'followers' || audience === 'mentioned')) named.add(parent.author.id)
  named.delete(author.id)

  const id: PostId = app.newId()
  const language = languageOf(draft.language ?? author.defaultLanguage)
  // Nothing else in the database will refer to it, and nothing is withheld where it is written: then authors may look otherwise.
  const simple = !alongside && !parent && !quoted && !poll && mediaIds.length === 0 && named.size === 0 && written.tags.length === 0 && await countryHere(app) === null
  const [screened, shown] = await app.database.atOnce(() => Promise.all([
    screenOf(app)(app, { author, postId: id, text, warning, mediaIds, edit: false, answers: parent !== null, audience, options: poll?.options ?? [], mentions: named.size, language }),
    simple ? accountView(app, author.id) : null, app.limits.use(postLimit, author.id), demandUnlimited(app, author, does),
  ]))
  if (screened.act === 'refuse') throw invalid(screened.code, screened.params)

  const { publishWhileProcessing } = await readSettings(app)
  const pollId = poll ? app.newId<'poll'>() : null
  // What brings no file waits for none.
  const atOnce = screened.act === 'pass' && mediaIds.length === 0
  const post: NewPost = {
    id, authorId: author.id, audience, text, html: written.html, warning, sensitive: (draft.sensitive ?? (mediaIds.length > 0 && author.preferences.sensitive === true)) || warning !== '', language,
    replyTo: parent && threadId ? { id: parent.id, authorId: parent.author.id, threadId } : null,
    boostOfId: null, pollId, state: screened.act === 'hold' ? 'held' : atOnce ? 'published' : 'processing', limited: screened.limited, appName: draft.appName?.slice(0, 100) ?? null,
    quotePolicy: draft.quotePolicy ?? author.preferences.quotePolicy ?? 'public', replyPolicy: draft.replyPolicy ?? (parent ? 'everyone' : author.preferences.replyPolicy ?? 'everyone'), at: app.now(),
  }
  const key = draft.idempotencyKey?.slice(0, 200)
  if (shown && atOnce && !screened.after) return publishSimple(app, author, post, shown, { key, atEnd: screened.atEnd })
  const made = await app.database.inTransaction(async (tx) => {
    await alongside?.(tx)
    if (key) {
      const known = await takeIdempotencyKey(tx, author.id, key, id)
      if (known) return known
    }
    await insertPost(tx, post, { counted: atOnce })
    if (named.size > 0) await setMentions(tx, id, author.id, [...named])
    if (written.tags.length > 0) await setTags(tx, id, author.id, written.tags.map((tag) => ({ id: app.newId(), ...tag })))
    if (quoted) await insertQuote(tx, { postId: id, authorId: author.id, quotedId: quoted.id, quotedAuthorId: quoted.author.id, state: quoted.viewer.canQuote === 'ask' ? 'pending' : 'accepted', at: post.at })
    if (pollId && poll) await insertPoll(tx, { id: pollId, postId: id, ...poll })
    await attach(app, tx, author, id, mediaIds)
    if (atOnce || (screened.act === 'pass' && (publishWhileProcessing || await mediaAreReady(tx, id)))) {
      if (!atOnce) await updateState(tx, id, 'published')
      await announce(app, tx, { id, author_id: author.id, reply_to_id: parent?.id ?? null, created_at: post.at }, { counted: atOnce })
    }
    await screened.after?.(tx)
    screened.atEnd?.(tx)
    return id
  })
  return seePost(app, author, made, { by: author.id })
}

/** Publishes a post that nothing else refers to: it is stored, counted and told in one statement, and shown from what is known. `shown`: its author before it. */
async function publishSimple(app: App, author: Account, post: NewPost, shown: AccountView, { key, atEnd }: { key: string | undefined; atEnd: ((tx: Tx) => void) | undefined }): Promise<PostView> {
  try {
    await app.database.inTransaction(async (tx) => {
      insertPostAtEnd(app.database, tx, post, key)
      await announce(app, tx, { id: post.id, author_id: author.id, reply_to_id: null, created_at: post.at }, { counted: true })
      atEnd?.(tx)
    })
  } catch (error) {
    const known = key && isKeyTaken(error) ? await selectKeyed(app.database.queries, author.id, key) : undefined
    if (!known) throw error
    return seePost(app, author, known, { by: author.id })
  }
  return seeOwnNew(app, author, post, { ...shown, postsCount: shown.postsCount + 1, lastPostAt: post.at.toISOString() })
}

/** Everything that can be refused about a draft without publishing it; what it says, read. */
export async function checkDraft(app: App, author: Account, draft: Draft) {
  const { does, ...read } = await readDraft(app, author, draft)
  await demandUnlimited(app, author, does)
  return read
}

/** `does`: what of it moderators can have stopped the author doing, to be asked of `demandUnlimited`. */
async function readDraft(app: App, author: Account, draft: Draft) {
  requireVoice(author)
  if (!order.includes(draft.audience)) throw invalid('badAudience')
  const { text, warning } = readWritten(draft)
  const mediaIds = [...new Set(draft.mediaIds ?? [])]
  const poll = draft.poll ? readPoll(draft.poll, app.now()) : null
  if (mediaIds.length > mostMedia) throw invalidForm([{ field: 'media', message: 'error.tooManyMedia', params: { most: mostMedia } }])
  if (draft.quotePolicy !== undefined && !quotePolicies.includes(draft.quotePolicy)) throw invalid('badQuotePolicy')
  if (draft.replyPolicy !== undefined && !replyPolicies.includes(draft.replyPolicy)) throw invalid('badReplyPolicy')
  if (!text && mediaIds.length === 0 && !poll && !draft.quotedId) throw invalidForm([{ field: 'text', message: 'error.emptyPost' }])
  const [parent, quoted] = await Promise.all([draft.replyToId ? answered(app, author, draft.replyToId) : null, draft.quotedId ? answered(app, author, draft.quotedId) : null])
  if (quoted?.viewer.canQuote === 'no') throw notAllowed('cantQuote')
  if (parent && (parent.threadLocked || await isThreadLocked(app.database.queries, parent.id))) throw notAllowed('threadLocked')
  if (parent && !parent.viewer.canReply) throw notAllowed('cantReply')
  const does = { posts: true, media: mediaIds.length > 0, links: readText(text).links.length > 0, replies: parent !== null && parent.author.id !== author.id }
  return { text, warning, mediaIds, poll, parent, quoted, does }
}

/** The post that is answered or quoted: a boost stands for what it boosts; one that isn't published can be neither. */
async function answered(app: App, author: Account, id: PostId): Promise<PostView> {
  const seen = await seePost(app, author, id)
  const post = seen.boostOf ?? seen
  if (post.state !== 'published') throw notFound()
  return post
}

async function attach(app: App, tx: Tx, author: Account, id: PostId, mediaIds: string[]): Promise<void> {
  if (mediaIds.length === 0) return
  await claimMedia(app, tx, author, mediaIds, id)
  await noteMedia(tx, id)
}

export async function mediaAreReady(tx: Tx, id: PostId): Promise<boolean> {
  return (await selectAttached(tx, id)).every((media) => media.state === 'ready')
}

/** 'ar', 'pt-BR', …; anything else is no language. */
export function languageOf(tag: string | null | undefined): string | null {
  return tag && /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$/.test(tag) ? tag : null
}
