import { z } from 'zod'
import { bookmarkPost, boostersOf, boostPost, ownBoostOf, changeQuotePolicy, changeReplyPolicy, createPost, editPost, editsOf, likePost, likersOf, muteThread, pinPost, postViews, quotesOf, removePost, revokeQuote, seePoll, seePost, threadOf, unbookmarkPost, unboostPost, unlikePost, unmuteThread, unpinPost, votePoll } from '#server/domain/posts/index.ts'
import type { Draft, PostView } from '#server/domain/posts/index.ts'
import { schedulePost } from '#server/domain/scheduled/index.ts'
import type { Account as Member } from '#server/domain/accounts/index.ts'
import type { App } from '#server/app.ts'
import { describeMedia } from '#server/domain/media/index.ts'
import { invalid, notFound } from '#server/platform/errors.ts'
import { Account, accountEntity, audienceOf, contentHtml, CustomEmoji, MediaAttachment, mediaEntity, Poll, pollEntity, replyPolicyOf, Status, statusEntity, Visibility } from '#server/entities/index.ts'
import { ApiError } from '../errors.ts'
import { focusOf } from './focus.ts'
import { moment, ScheduledStatus, scheduledEntity } from './scheduled.ts'
import type { Route } from '../route.ts'
import { askOf, linkPages, paging, route } from '../route.ts'
import type { Scope } from '../scopes.ts'
import { flag, maybe, pathId, texts, whole, words } from '../values.ts'

const id = { id: pathId }
const Policy = z.enum(['public', 'followers', 'nobody'])
const ReplyRule = z.enum(['public', 'followers', 'following', 'mentioned', 'nobody'])
const poll = maybe(z.object({ options: texts(20), expires_in: whole(1, 10_000_000).default(86_400), multiple: maybe(flag), hide_totals: maybe(flag) }))
const written = {
  status: maybe(words(100_000)), spoiler_text: maybe(words(6000)), sensitive: maybe(flag), language: maybe(words(20)), media_ids: texts(20), poll,
}
const StatusEdit = z.object({
  content: z.string(), spoiler_text: z.string(), sensitive: z.boolean(), created_at: z.iso.datetime(), account: Account, poll: z.null(), media_attachments: z.array(MediaAttachment), emojis: z.array(CustomEmoji),
}).meta({ id: 'StatusEdit' })

/** A press on a post: path word, scope, what it does. */
const presses: [string, string, Scope, (app: App, me: Member, id: string) => Promise<PostView>][] = [
  ['favourite', 'Like a post', 'write:favourites', likePost], ['unfavourite', 'Take a like back', 'write:favourites', unlikePost],
  ['bookmark', 'Bookmark a post', 'write:bookmarks', bookmarkPost], ['unbookmark', 'Take a bookmark away', 'write:bookmarks', unbookmarkPost],
  ['unreblog', 'Take a boost back', 'write:statuses', unboostPost],
  ['mute', 'Hear no more of a thread', 'write:mutes', muteThread], ['unmute', 'Hear of it again', 'write:mutes', unmuteThread],
  ['pin', 'Pin an own post to the profile', 'write:accounts', pinPost], ['unpin', 'Unpin it', 'write:accounts', unpinPost],
]

export const statusRoutes: Route[] = [
  route({
    method: 'POST', path: '/api/v1/statuses', summary: 'Write a post', access: 'member', scope: 'write:statuses', answer: z.union([Status, ScheduledStatus]),
    note: '`unlisted` means *for members*. The same `Idempotency-Key` within a day makes one post.',
    body: { ...written, in_reply_to_id: maybe(words(30)), visibility: maybe(Visibility), scheduled_at: maybe(moment), quoted_status_id: maybe(pathId), quote_approval_policy: maybe(Policy), reply_approval_policy: maybe(ReplyRule) },
    async handle({ app, me, body, headers, token, speaker }) {
      const key = headers['idempotency-key']
      const draft: Draft = {
        text: body.status ?? '', audience: body.visibility ? audienceOf[body.visibility] : me.defaultAudience, warning: body.spoiler_text, sensitive: body.sensitive, language: body.language,
        replyToId: body.in_reply_to_id, quotedId: body.quoted_status_id, quotePolicy: body.quote_approval_policy, replyPolicy: body.reply_approval_policy && replyPolicyOf[body.reply_approval_policy], mediaIds: body.media_ids, poll: draftPoll(body.poll), idempotencyKey: typeof key === 'string' && key ? `api:${key}` : undefined, appName: token?.appName ?? undefined,
      }
      if (body.scheduled_at) return scheduledEntity(await schedulePost(app, me, draft, body.scheduled_at), speaker)
      return statusEntity(await createPost(app, me, draft), speaker)
    },
  }),
  route({
    method: 'GET', path: '/api/v1/statuses', summary: 'Several posts by their ids', access: 'anyone', scope: 'read:statuses', query: { id: texts(100) }, answer: z.array(Status),
    async handle({ app, viewer, query, speaker }) { return (await postViews(app, viewer, query.id)).map((view) => statusEntity(view, speaker)) },
  }),
  route({
    method: 'GET', path: '/api/v1/statuses/:id', summary: 'See a post', access: 'anyone', scope: 'read:statuses', params: id, answer: Status,
    async handle({ app, viewer, params, speaker }) { return statusEntity(await seePost(app, viewer, params.id), speaker) },
  }),
  route({
    method: 'PUT', path: '/api/v1/statuses/:id', summary: 'Change an own post', access: 'member', scope: 'write:statuses', params: id, answer: Status,
    note: 'Other answers in `poll` begin it anew: its votes are gone.',
    body: { ...written, quote_approval_policy: maybe(Policy), reply_approval_policy: maybe(ReplyRule), media_attributes: z.preprocess((value) => typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.values(value) : value ?? [], z.array(z.object({ id: words(30), description: maybe(words(10_000)), focus: maybe(words(40)) })).max(20)) },
    async handle({ app, me, params, body, speaker }) {
      for (const media of body.media_attributes) await describeMedia(app, me, media.id, { description: media.description, focus: focusOf(media.focus) })
      const view = await editPost(app, me, params.id, { text: body.status, warning: body.spoiler_text ?? '', sensitive: body.sensitive, language: body.language, mediaIds: body.media_ids, poll: draftPoll(body.poll) })
      return statusEntity(await changePolicies(app, me, params.id, body) ?? view, speaker)
    },
  }),
  route({
    method: 'DELETE', path: '/api/v1/statuses/:id', summary: 'Delete an own post', note: 'The answer carries `text`, for writing it anew; its media can be used again within a day unless `delete_media` is true.', access: 'member', scope: 'write:statuses', params: id, query: { delete_media: flag.optional() }, answer: Status,
    async handle({ app, me, params, query, speaker }) {
      const view = await seePost(app, me, params.id)
      if (view.author.id !== me.id) throw notFound()
      await removePost(app, me, view.id, { keepMedia: !query.delete_media })
      return { ...statusEntity(view, speaker), text: view.text }
    },
  }),
  route({
    method: 'GET', path: '/api/v1/statuses/:id/context', summary: 'What a post answers and what answers it', access: 'anyone', scope: 'read:statuses', params: id, answer: z.object({ ancestors: z.array(Status), descendants: z.array(Status) }),
    async handle({ app, viewer, params, speaker }) {
      const first = await threadOf(app, viewer, params.id, { limit: 100 })
      const replies = [...first.replies]
      // Apps ask once and want all; long threads end at 500 answers, the rest is on the page.
      for (let more = first.moreReplies; more && replies.length < 500;) {
        const next = await threadOf(app, viewer, params.id, { limit: 100, after: more })
        replies.push(...next.replies)
        more = next.moreReplies
      }
      return { ancestors: first.ancestors.map((view) => statusEntity(view, speaker)), descendants: replies.map(({ post }) => statusEntity(post, speaker)) }
    },
  }),
  route({
    method: 'GET', path: '/api/v1/statuses/:id/source', summary: 'A post as it was written, for changing it', access: 'member', scope: 'read:statuses', params: id, answer: z.object({ id: z.string(), text: z.string(), spoiler_text: z.string() }),
    async handle({ app, me, params }) { const view = await seePost(app, me, params.id); return { id: view.id, text: view.text, spoiler_text: view.warning } },
  }),
  route({
    method: 'GET', path: '/api/v1/statuses/:id/history', summary: 'Every version of a post, oldest first', access: 'anyone', scope: 'read:statuses', params: id, answer: z.array(StatusEdit),
    async handle({ app, viewer, params, speaker }) {
      const view = await seePost(app, viewer, params.id)
      const edits = await editsOf(app, viewer, view.id)
      const account = accountEntity(view.author, speaker)
      const versions = edits.length ? edits : [{ text: view.text, html: view.html, warning: view.warning, sensitive: view.sensitive, createdAt: view.createdAt }]
      return versions.map((edit, at) => ({
        content: contentHtml(edit.html, speaker), spoiler_text: edit.warning, sensitive: edit.sensitive, created_at: edit.createdAt, account, poll: null, emojis: speaker.emojisIn(edit.text, edit.warning),
        media_attachments: at === versions.length - 1 ? view.media.map((media) => mediaEntity(media, speaker)) : [],
      }))
    },
  }),
  ...([['favourited_by', 'Who likes a post', likersOf], ['reblogged_by', 'Who boosted a post', boostersOf]] as const).map(([path, summary, people]) => route({
    method: 'GET', path: `/api/v1/statuses/:id/${path}`, summary, access: 'anyone', scope: 'read:statuses', params: id, query: paging(40, 80), answer: z.array(Account),
    async handle(call) {
      const page = await people(call.app, call.viewer, call.params.id, askOf(call.query))
      linkPages(call, page)
      return page.items.map((view) => accountEntity(view, call.speaker))
    },
  })),
  route({
    method: 'GET', path: '/api/v1/statuses/:id/quotes', summary: 'Posts that quote a post', access: 'anyone', scope: 'read:statuses', params: id, query: paging(20, 40), answer: z.array(Status),
    async handle(call) {
      const page = await quotesOf(call.app, call.viewer, call.params.id, { ...askOf(call.query), annotate: true })
      linkPages(call, page)
      return page.items.map((view) => statusEntity(view, call.speaker))
    },
  }),
  route({
    method: 'POST', path: '/api/v1/statuses/:id/quotes/:quoting_status_id/revoke', summary: 'Take an own post out of one that quotes it', access: 'member', scope: 'write:statuses', params: { ...id, quoting_status_id: pathId }, answer: Status,
    async handle({ app, me, params, speaker }) { return statusEntity(await revokeQuote(app, me, params.quoting_status_id, params.id), speaker) },
  }),
  route({
    method: 'PUT', path: '/api/v1/statuses/:id/interaction_policy', summary: 'Who may quote and answer an own post', access: 'member', scope: 'write:statuses', params: id, body: { quote_approval_policy: maybe(Policy), reply_approval_policy: maybe(ReplyRule) }, answer: Status,
    note: '`reply_approval_policy` is Hearth’s own, in the words of the other; a post says it as `reply_approval`.',
    async handle({ app, me, params, body, speaker }) {
      const changed = await changePolicies(app, me, params.id, body)
      if (!changed) throw invalid('badQuotePolicy')
      return statusEntity(changed, speaker)
    },
  }),
  route({
    method: 'POST', path: '/api/v1/statuses/:id/reblog', summary: 'Boost a post', note: '`visibility` makes the boost for fewer than the post, never for more.', access: 'member', scope: 'write:statuses', params: id, body: { visibility: maybe(z.enum(['public', 'unlisted', 'private'])) }, answer: Status,
    async handle({ app, me, params, body, speaker }) {
      await boostPost(app, me, params.id, { audience: body.visibility && audienceOf[body.visibility] })
      return statusEntity(await ownBoostOf(app, me, params.id), speaker)
    },
  }),
  ...presses.map(([word, summary, scope, press]) => route({
    method: 'POST', path: `/api/v1/statuses/:id/${word}`, summary, access: 'member', scope, params: id, answer: Status,
    async handle({ app, me, params, speaker }) { return statusEntity(await press(app, me, params.id), speaker) },
  })),
  route({
    method: 'POST', path: '/api/v1/statuses/:id/translate', summary: 'Translation: not available here', access: 'member', scope: 'read:statuses', params: id, answer: z.object({}),
    async handle({ app, me, params }) {
      await seePost(app, me, params.id)
      // As Mastodon says it where none is set up.
      throw new ApiError(404, 'This community has no translation service')
    },
  }),
  route({
    method: 'GET', path: '/api/v1/polls/:id', summary: 'See a poll', access: 'anyone', scope: 'read:statuses', params: id, answer: Poll,
    async handle({ app, viewer, params, speaker }) { const view = await seePoll(app, viewer, params.id); return pollEntity(view.poll, view.viewer.mine, speaker) },
  }),
  route({
    method: 'POST', path: '/api/v1/polls/:id/votes', summary: 'Vote in a poll', access: 'member', scope: 'write:statuses', params: id, body: { choices: texts(20) }, answer: Poll,
    async handle({ app, me, params, body, speaker }) {
      const choices = z.array(whole(0, 100)).parse(body.choices)
      const before = await seePoll(app, me, params.id)
      await votePoll(app, me, before.id, choices)
      const view = await seePoll(app, me, params.id)
      return pollEntity(view.poll, view.viewer.mine, speaker)
    },
  }),
]

async function changePolicies(app: App, me: Member, postId: string, body: { quote_approval_policy?: z.infer<typeof Policy>; reply_approval_policy?: z.infer<typeof ReplyRule> }): Promise<PostView | null> {
  const quoted = body.quote_approval_policy ? await changeQuotePolicy(app, me, postId, body.quote_approval_policy) : null
  return body.reply_approval_policy ? changeReplyPolicy(app, me, postId, replyPolicyOf[body.reply_approval_policy]) : quoted
}

function draftPoll(given: z.infer<typeof poll>) {
  return given ? { options: given.options, multiple: given.multiple ?? false, hideTotals: given.hide_totals ?? false, seconds: given.expires_in } : undefined
}
