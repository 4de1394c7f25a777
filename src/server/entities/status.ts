import { z } from 'zod'
import type { FilterMatch } from '#server/domain/filters/index.ts'
import type { Audience, PollView, PostView, QuotePolicy, QuoteView, ReplyPolicy } from '#server/domain/posts/index.ts'
import { Account, accountEntity, CustomEmoji } from './account.ts'
import { contentHtml } from './html.ts'
import { cardEntity, PreviewCard } from './card.ts'
import { MediaAttachment, mediaEntity } from './media.ts'
import type { Speaker } from './speaker.ts'

/**
 * Hearth's audiences in the API's words. 'unlisted' is the nearest for members: shown, not shouted, and what an app
 * sends as unlisted becomes narrower here, never wider.
 */
export const visibilityOf = { public: 'public', members: 'unlisted', followers: 'private', mentioned: 'direct' } as const satisfies Record<Audience, string>
export const audienceOf = { public: 'public', unlisted: 'members', private: 'followers', direct: 'mentioned' } as const satisfies Record<string, Audience>
export const Visibility = z.enum(['public', 'unlisted', 'private', 'direct'])
export type Visibility = z.infer<typeof Visibility>

export const PollOption = z.object({ title: z.string(), votes_count: z.int().nullable() }).meta({ id: 'PollOption' })
export const Poll = z.object({
  id: z.string(), expires_at: z.iso.datetime(), expired: z.boolean(), multiple: z.boolean(), votes_count: z.int(), voters_count: z.int().nullable(),
  options: z.array(PollOption), emojis: z.array(CustomEmoji), voted: z.boolean().optional(), own_votes: z.array(z.int()).optional(),
}).meta({ id: 'Poll' })
export const Mention = z.object({ id: z.string(), username: z.string(), acct: z.string(), url: z.url() }).meta({ id: 'StatusMention' })
export const StatusTag = z.object({ name: z.string(), url: z.url() }).meta({ id: 'StatusTag' })
export const FilterResult = z.object({
  filter: z.object({ id: z.string(), title: z.string(), context: z.array(z.string()), expires_at: z.iso.datetime().nullable(), filter_action: z.enum(['warn', 'hide', 'blur']) }),
  keyword_matches: z.array(z.string()).nullable(), status_matches: z.array(z.string()).nullable(),
}).meta({ id: 'FilterResult' })

const Quote = z.object({ state: z.enum(['pending', 'accepted', 'rejected', 'revoked', 'deleted', 'unauthorized', 'muted_account']), quoted_status: z.looseObject({}).nullable().optional(), quoted_status_id: z.string().nullable().optional() }).meta({ id: 'Quote' })
const QuoteApproval = z.object({ automatic: z.array(z.enum(['public', 'followers'])), manual: z.array(z.enum(['public', 'followers'])), current_user: z.enum(['automatic', 'manual', 'denied', 'unknown']) }).meta({ id: 'QuoteApproval' })
const ReplyApproval = z.object({ automatic: z.array(z.enum(['public', 'followers', 'following', 'mentioned'])), manual: z.array(z.never()), current_user: z.enum(['automatic', 'denied', 'unknown']) }).meta({ id: 'ReplyApproval' })
/** Who may answer, in the words that the API has for who may quote. */
export const replyPolicyOf = { public: 'everyone', followers: 'followers', following: 'followed', mentioned: 'mentioned', nobody: 'nobody' } as const satisfies Record<string, ReplyPolicy>

const fields = {
  id: z.string(), uri: z.url(), url: z.url(), created_at: z.iso.datetime(), edited_at: z.iso.datetime().nullable(), account: Account, content: z.string(), text: z.string().optional(), visibility: Visibility,
  sensitive: z.boolean(), spoiler_text: z.string(), language: z.string().nullable(), media_attachments: z.array(MediaAttachment), application: z.object({ name: z.string(), website: z.string().nullable() }).optional(),
  mentions: z.array(Mention), tags: z.array(StatusTag), emojis: z.array(CustomEmoji), reblogs_count: z.int(), favourites_count: z.int(), replies_count: z.int(),
  in_reply_to_id: z.string().nullable(), in_reply_to_account_id: z.string().nullable(), poll: Poll.nullable(), card: PreviewCard.nullable(), quote: Quote.nullable(), quotes_count: z.int(), quote_approval: QuoteApproval, reply_approval: ReplyApproval,
  favourited: z.boolean().optional(), reblogged: z.boolean().optional(), muted: z.boolean().optional(), bookmarked: z.boolean().optional(), pinned: z.boolean().optional(), filtered: z.array(FilterResult).optional(),
}
export const Status = z.object({ ...fields, reblog: z.object({ ...fields, reblog: z.null() }).nullable() }).meta({ id: 'Status' })
export type Status = z.infer<typeof Status>

/** A post as apps see it. What only a signed-in reader has (liked, bookmarked, …) is left out for others. */
export function statusEntity(view: PostView, speaker: Speaker): Status {
  return { ...plain(view, speaker), reblog: view.boostOf ? { ...plain(view.boostOf, speaker), reblog: null } : null }
}

function plain(view: PostView, speaker: Speaker): Omit<Status, 'reblog'> {
  // A boost has nothing of its own but who made it and when.
  const shown = view.boostOf ?? view
  const url = speaker.origin + encodeURI(view.url)
  return {
    id: view.id, uri: url, url, created_at: view.createdAt, edited_at: shown.editedAt, account: accountEntity(view.author, speaker),
    content: contentHtml(shown.html, speaker), visibility: visibilityOf[view.audience], sensitive: shown.sensitive, spoiler_text: [shown.label, shown.warning].filter(Boolean).join(' · '), language: shown.language,
    media_attachments: shown.media.map((media) => mediaEntity(media, speaker)),
    mentions: shown.mentions.map(({ id, username }) => ({ id, username, acct: username, url: `${speaker.origin}/@${encodeURIComponent(username)}` })),
    tags: shown.tags.map((name) => ({ name, url: `${speaker.origin}/tags/${encodeURIComponent(name)}` })),
    emojis: speaker.emojisIn(shown.text, shown.warning, ...shown.poll?.options.map((option) => option.title) ?? []),
    reblogs_count: shown.boostsCount, favourites_count: shown.likesCount, replies_count: shown.repliesCount,
    in_reply_to_id: view.boostOf ? null : view.replyTo?.id ?? null, in_reply_to_account_id: view.boostOf ? null : view.replyTo?.author.id ?? null,
    poll: shown.poll ? pollEntity(shown.poll, shown.viewer.mine, speaker) : null, card: shown.card ? cardEntity(shown.card, speaker) : null,
    quote: shown.quote ? quoteEntity(shown.quote, speaker) : null, quotes_count: shown.quotesCount, quote_approval: { ...approvals[shown.quotePolicy], current_user: speaker.readerId ? may[shown.viewer.canQuote] : 'unknown' },
    reply_approval: { automatic: mayAnswer[shown.replyPolicy], manual: [], current_user: !speaker.readerId ? 'unknown' : shown.viewer.canReply ? 'automatic' : 'denied' },
    ...speaker.readerId ? { favourited: shown.viewer.liked, reblogged: shown.viewer.boosted, muted: shown.viewer.mutedThread, bookmarked: shown.viewer.bookmarked, filtered: shown.filtered.map(filterResult), ...shown.viewer.mine ? { pinned: shown.pinned } : {} } : {},
  }
}

const approvals: Record<QuotePolicy, Pick<z.infer<typeof QuoteApproval>, 'automatic' | 'manual'>> = {
  public: { automatic: ['public'], manual: [] }, followers: { automatic: ['followers'], manual: [] }, ask: { automatic: [], manual: ['public'] }, nobody: { automatic: [], manual: [] },
}
const mayAnswer: Record<ReplyPolicy, z.infer<typeof ReplyApproval>['automatic']> = { everyone: ['public'], followers: ['followers'], followed: ['following'], mentioned: ['mentioned'], nobody: [] }
const may = { yes: 'automatic', ask: 'manual', no: 'denied' } as const

/** The quoted post, where this reader may see it; a quote within it is named by its id only. */
function quoteEntity(quote: QuoteView, speaker: Speaker): z.infer<typeof Quote> {
  if (!quote.post) return { state: quote.state, quoted_status: null }
  const { quote: inner, ...quoted } = statusEntity({ ...quote.post, quote: null }, speaker)
  const within = quote.post.quote
  return { state: quote.state, quoted_status: { ...quoted, quote: within ? { state: within.state, quoted_status_id: within.postId } : inner } }
}

/** A filter that found something, as apps see it. */
export const filterResult = (match: FilterMatch): z.infer<typeof FilterResult> => ({
  filter: { id: match.filterId, title: match.title, context: match.contexts, expires_at: match.expiresAt, filter_action: match.action },
  keyword_matches: match.keywordMatches.length ? match.keywordMatches : null, status_matches: match.statusMatches.length ? match.statusMatches : null,
})

/** A poll as apps see it; `mine`: its author counts as having voted, as Mastodon has it. */
export function pollEntity(poll: PollView, mine: boolean, speaker: Speaker): z.infer<typeof Poll> {
  return {
    id: poll.id, expires_at: poll.endsAt, expired: poll.ended, multiple: poll.multiple, voters_count: poll.multiple ? poll.voters : null,
    votes_count: poll.options.reduce((sum, option) => sum + (option.votes ?? 0), 0), options: poll.options.map(({ title, votes }) => ({ title, votes_count: votes })),
    emojis: speaker.emojisIn(...poll.options.map((option) => option.title)),
    ...speaker.readerId ? { voted: mine || poll.ownVotes !== null, own_votes: poll.ownVotes ?? [] } : {},
  }
}
