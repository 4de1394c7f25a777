import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { demandUnlimited } from '#server/domain/accounts/index.ts'
import { claimMedia } from '#server/domain/media/index.ts'
import { invalid, invalidForm, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { readText } from '#server/platform/text/render.ts'
import { languageOf, postLimit } from './create.ts'
import { readPoll } from './polls.ts'
import type { ReadPoll } from './polls.ts'
import { requireVoice } from './voice.ts'
import { hasEdits, insertEdit, lockPost, noteMedia, releaseMedia, renewPoll, selectAttached, selectThread, setMentions, setTags, updatePost } from './queries.ts'
import { whoIsNamed } from './replies.ts'
import { screenOf } from './screen.ts'
import { readWritten, renderText } from './text.ts'
import type { PollView, PostChange, PostId, PostView } from './types.ts'
import { publishWhenReady, setPostState } from './state.ts'
import { seePost } from './view.ts'

/** Changes an own post and keeps what it said before. Only the author's posts are found. The audience stays. */
export async function editPost(app: App, author: Account, id: PostId, change: PostChange): Promise<PostView> {
  requireVoice(author)
  if (!isId(id)) throw notFound()
  const before = await seePost(app, author, id)
  if (before.author.id !== author.id || before.boostOf) throw notFound()
  const { text, warning } = readWritten({ text: change.text ?? before.text, warning: change.warning ?? before.warning })
  const sensitive = (change.sensitive ?? before.sensitive) || warning !== '' || before.marks.includes('sensitive')
  const language = change.language === undefined ? before.language : languageOf(change.language)
  // What moderators took out of sight stays as it is: apps would send it back empty.
  const hidden = before.marks.includes('media')
  const oldMedia = hidden ? (await selectAttached(app.database.queries, id)).map((media) => media.id) : before.media.map((media) => media.id)
  const mediaIds = change.mediaIds && !hidden ? [...new Set(change.mediaIds)] : oldMedia
  if (mediaIds.length > 10) throw invalidForm([{ field: 'media', message: 'error.tooManyMedia', params: { most: 10 } }])
  if (!mediaIds.every(isId)) throw invalidForm([{ field: 'media', message: 'error.uploadGone' }])
  if (!text && mediaIds.length === 0 && !before.poll && !change.poll && !before.quote) throw invalidForm([{ field: 'text', message: 'error.emptyPost' }])
  const sameMedia = mediaIds.join() === oldMedia.join()
  const poll = change.poll && otherPoll(before.poll, readPoll(change.poll, app.now()))
  if (text === before.text && warning === before.warning && sensitive === before.sensitive && language === before.language && sameMedia && !poll) return before

  await demandUnlimited(app, author, { media: !sameMedia && mediaIds.length > 0, links: text !== before.text && readText(text).links.length > 0 })
  await app.limits.use(postLimit, author.id)
  const written = await renderText(app, text)
  const options = poll?.options ?? before.poll?.options.map((option) => option.title) ?? []
  const screened = await screenOf(app)(app, { author, postId: id, text, warning, mediaIds, edit: true, answers: before.replyTo !== null, audience: before.audience, options, mentions: written.mentionIds.length, language })
  if (screened.act === 'refuse') throw invalid(screened.code, screened.params)
  // Who was named stays so; only others are asked anew.
  const known = new Set(before.mentions.map((one) => one.id))
  const named = new Set([...written.mentionIds.filter((one) => known.has(one)), ...await whoIsNamed(app, author, written.mentionIds.filter((one) => !known.has(one)), { audience: before.audience, threadId: await selectThread(app.database.queries, id) ?? null })])
  if (before.replyTo && (before.audience === 'followers' || before.audience === 'mentioned')) named.add(before.replyTo.author.id)
  named.delete(author.id)

  await app.database.inTransaction(async (tx) => {
    const post = await lockPost(tx, id)
    if (!post || post.author_id !== author.id || post.state === 'removed') throw notFound()
    const at = app.now()
    if (!await hasEdits(tx, id)) await insertEdit(tx, { id: app.newId(), postId: id, text: post.text, html: post.html, warning: post.warning, sensitive: post.sensitive, at: post.created_at, media: oldMedia })
    await insertEdit(tx, { id: app.newId(), postId: id, text, html: written.html, warning, sensitive, at, media: mediaIds })
    if (!sameMedia) {
      const attached = new Set((await selectAttached(tx, id)).map((media) => media.id))
      const fresh = mediaIds.filter((media) => !attached.has(media))
      if (fresh.length) await claimMedia(app, tx, author, fresh, id)
      await releaseMedia(tx, id, mediaIds)
      await noteMedia(tx, id)
    }
    if (poll) await renewPoll(tx, { id: app.newId<'poll'>(), postId: id, ...poll })
    await updatePost(tx, id, { text, html: written.html, warning, sensitive, language, state: post.state, limited: screened.limited, editedAt: at })
    await setMentions(tx, id, author.id, [...named])
    await setTags(tx, id, author.id, written.tags.map((tag) => ({ id: app.newId(), ...tag })))
    if (post.state === 'published') {
      await app.record(tx, { type: 'post.edited', postId: id })
      await app.bus.publish(tx, { type: 'post.edited', postId: id, authorId: author.id })
    }
    if (screened.act === 'hold') await setPostState(app, id, 'held', tx)
    await screened.after?.(tx)
    screened.atEnd?.(tx)
  })
  if (before.state === 'processing') await publishWhenReady(app, id)
  return seePost(app, author, id)
}

/** The wanted poll where it asks something else; apps send the poll along with every edit. */
function otherPoll(before: PollView | null, wanted: ReadPoll): ReadPoll | undefined {
  const same = before && before.multiple === wanted.multiple && before.options.map((option) => option.title).join('\n') === wanted.options.join('\n')
  return same ? undefined : wanted
}
