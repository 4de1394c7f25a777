import type { App } from '#server/app.ts'
import type { Account, AccountId, AccountView, Viewer } from '#server/domain/accounts/index.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import type { MediaView } from '#server/domain/media/index.ts'
import type { CardView } from '#server/domain/cards/index.ts'
import { cardsOf } from '#server/domain/cards/index.ts'
import { mediaOfPosts } from '#server/domain/media/index.ts'
import { withoutLinks } from '#server/platform/text/without-links.ts'
import { matcherOf } from '#server/domain/filters/index.ts'
import { countryHere, whyNot } from '#server/domain/withholding/index.ts'
import type { FilterContext, Matcher } from '#server/domain/filters/index.ts'
import { notAllowed, notFound, withheldHere } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import type { PollRow, PostRow } from './queries-view.ts'
import { selectPolls, selectPosts } from './queries-view.ts'
import { rowOfNew } from './new-row.ts'
import type { NewPost } from './queries.ts'
import { mayQuote } from './may-quote.ts'
import { mayReply } from './may-reply.ts'
import type { PollView, PostId, PostView, QuoteView } from './types.ts'
import { reader, visibleTo } from './visible.ts'

/** `filter`: the list is shown there, so what a filter hides there is left out · `annotate`: for apps, which leave it out themselves · `by`: whose they are, where that is known, so that both are asked for at once */
export type Shown = { filter?: FilterContext; annotate?: boolean; by?: AccountId }

/**
 * These posts as the viewer may see them, in the order asked for. Drops what is hidden from the viewer. In lists
 * (`filter`) what the viewer's filters hide is dropped too, and `filtered` names only the filters of that place;
 * otherwise nothing is dropped and all filters that match are named.
 */
export async function postViews(app: App, viewer: Viewer, ids: PostId[], options: Shown = {}): Promise<PostView[]> {
  const { readMode } = await readSettings(app)
  return hydrate(app, viewer, ids, (row) => visibleTo(viewer, readMode, factsOf(row, reader(viewer))), { context: options.annotate ? undefined : options.filter, by: options.by })
}

/** One post. Missing and hidden are the same: not found. What is withheld only where it is read from says so, and why. */
export async function seePost(app: App, viewer: Viewer, id: PostId, options: Pick<Shown, 'by'> = {}): Promise<PostView> {
  const [post] = isId(id) ? await postViews(app, viewer, [id], options) : []
  if (post) return post
  const why = isId(id) ? await whyNot(app, { postId: id }) : null
  const { readMode } = await readSettings(app)
  // Only to whom would see it elsewhere.
  if (why && (await hydrate(app, viewer, [id], (row) => visibleTo(viewer, readMode, { ...factsOf(row, reader(viewer)), withheld: false }))).length) throw withheldHere(why)
  throw notFound()
}

/**
 * A post of the viewer's own that was stored a moment ago and has nothing yet: no media, poll, quote, names or tags. As `seePost` would say,
 * without asking the database for it. `author`: as they show with the post.
 */
export async function seeOwnNew(app: App, viewer: Account, post: NewPost, author: AccountView): Promise<PostView> {
  const [view] = await complete(app, viewer, [post.id], [rowOfNew(post, viewer)], () => true, new Map([[author.id, author]]))
  if (!view) throw notFound()
  return view
}

/** Would this viewer see the post, were they an adult? So that they are told what keeps it from them. */
export async function isForAdults(app: App, viewer: Viewer, id: PostId): Promise<boolean> {
  if (!viewer || viewer.preferences.adult === true || !isId(id)) return false
  const { readMode } = await readSettings(app)
  const grown = { ...viewer, preferences: { ...viewer.preferences, adult: true } }
  return (await hydrate(app, viewer, [id], (row) => row.marks.includes('adults') && visibleTo(grown, readMode, factsOf(row, reader(viewer))))).length > 0
}

/** Posts in their full context for those who moderate: whatever the audience or state, deleted ones too. */
export async function moderatorPostViews(app: App, moderator: Account, ids: PostId[]): Promise<PostView[]> {
  if (moderator.role === 'member' || moderator.state !== 'active') throw notAllowed()
  return hydrate(app, moderator, ids, () => true, { staff: true })
}

const factsOf = (row: PostRow, viewerId: string | null) => ({
  authorId: row.author_id, authorState: row.author_state, audience: row.audience, state: row.state, deleted: row.deleted_at !== null,
  adultsOnly: row.marks.includes('adults'), mentionsViewer: viewerId !== null && row.mention_ids.includes(viewerId), followsAuthor: row.follows_author, blockBetween: row.block_between, withheld: row.withheld,
})

type Hydrating = { context?: FilterContext; by?: AccountId; staff?: boolean }

async function hydrate(app: App, viewer: Viewer, ids: PostId[], maySee: (row: PostRow) => boolean, { by, ...options }: Hydrating = {}): Promise<PostView[]> {
  const wanted = [...new Set(ids)].filter(isId)
  if (wanted.length === 0) return []
  app.changes.note(wanted.map((id) => `p${id}` as const))
  const country = await countryHere(app)
  const [found, early] = await Promise.all([selectPosts(app.database.queries, wanted, reader(viewer), app.now(), country), by ? accountViews(app, [by]) : new Map<AccountId, AccountView>()])
  return complete(app, viewer, ids, found, maySee, early, options)
}

/** What else belongs to these rows, and how they show. `early`: accounts that are known already. */
async function complete(app: App, viewer: Viewer, ids: PostId[], found: PostRow[], maySee: (row: PostRow) => boolean, early: ReadonlyMap<AccountId, AccountView>, { context, staff = false }: Omit<Hydrating, 'by'> = {}): Promise<PostView[]> {
  const viewerId = reader(viewer)
  const rows = new Map(found.filter(maySee).map((row) => [row.id, row]))
  const gone = new Set(found.filter((row) => row.deleted_at !== null || row.state === 'removed').map((row) => row.id))
  const all = [...rows.values()]
  // Who says that they are an adult sees more.
  const adults = viewerId && found.some((row) => row.marks.includes('adults')) ? [`a${viewerId}` as const] : []
  app.changes.note([...found.map((row) => `p${row.id}` as const), ...found.flatMap((row) => row.thread_id ? [`p${row.thread_id}` as const] : []), ...viewerId ? [`v${viewerId}` as const] : [], ...adults])
  const people = new Set(all.flatMap((row) => [row.author_id, ...row.mention_ids, ...(row.reply_to_author_id ? [row.reply_to_author_id] : [])]))
  const pollIds = all.flatMap((row) => row.poll_id ?? [])
  const withMedia = all.filter((row) => row.media_count > 0 && (staff || !row.marks.includes('media'))).map((row) => row.id)
  const noPolls: PollRow[] = []
  const bare = all.filter((row) => row.media_count === 0 && !row.quotes && !row.boost_of_id && row.has_card && !row.marks.includes('links')).map((row) => row.id)
  const [others, media, cards, polls, match] = await Promise.all([
    accountViews(app, [...people].filter((id) => !early.has(id))),
    withMedia.length ? mediaOfPosts(app, withMedia, viewerId) : new Map<PostId, MediaView[]>(),
    cardsOf(app, bare),
    pollIds.length ? selectPolls(app.database.queries, pollIds, viewerId) : noPolls,
    matcherOf(app, viewerId),
  ])
  for (const poll of polls) if (poll.ends_at > app.now()) app.changes.holdsUntil(poll.ends_at.getTime())
  const loaded: Loaded = { viewer: viewerId, staff, accounts: new Map([...early, ...others]), media, cards, polls: new Map(polls.map((poll) => [poll.id, poll])), now: app.now(), match: (text, postIds) => match(text, postIds).filter((one) => !context || one.contexts.includes(context)) }
  /** What a post quotes, as far as it is shown; `deep`: with the post itself. */
  const quoteOf = (row: PostRow, deep = true): QuoteView | null => {
    if (!row.quotes) return null
    const quoted = row.quoted_id ? rows.get(row.quoted_id) : undefined
    const facts = { postId: row.quoted_id, mine: viewerId !== null && quoted?.author_id === viewerId, post: null }
    const state = row.quote_state ?? 'accepted'
    if (state !== 'accepted') return { ...facts, state }
    if (!row.quoted_id || gone.has(row.quoted_id)) return { ...facts, state: 'deleted' }
    if (!deep) return { ...facts, state }
    const post = quoted ? present(quoted, null, quoteOf(quoted, false), loaded) : null
    return post ? { ...facts, state: post.viewer.mutedAuthor ? 'muted_account' : 'accepted', post } : { ...facts, state: 'unauthorized' }
  }
  return ids.flatMap((id) => {
    const row = rows.get(id)
    if (!row) return []
    const original = row.boost_of_id ? rows.get(row.boost_of_id) : undefined
    if (row.boost_of_id && !original) return []
    const boostOf = original ? present(original, null, quoteOf(original), loaded) : null
    const view = present(row, boostOf, quoteOf(row), loaded)
    if (!view || (original && !boostOf)) return []
    if (context && view.filtered.some((one) => one.action === 'hide')) return []
    return [view]
  })
}

type Loaded = {
  viewer: string | null
  /** for those who moderate */
  staff: boolean
  accounts: Map<string, AccountView>
  media: Map<PostId, MediaView[]>
  cards: Map<string, CardView>
  polls: Map<string, PollRow>
  now: Date
  match: Matcher
}

function present(row: PostRow, boostOf: PostView | null, quote: QuoteView | null, loaded: Loaded): PostView | null {
  const author = loaded.accounts.get(row.author_id)
  if (!author) return null
  const mine = row.author_id === loaded.viewer
  const poll = row.poll_id ? loaded.polls.get(row.poll_id) : undefined
  const media = loaded.media.get(row.id) ?? []
  const replyAuthor = row.reply_to_author_id ? loaded.accounts.get(row.reply_to_author_id) : undefined
  const words = () => [row.label, row.warning, row.text, ...media.map((one) => one.description), ...(poll?.options.map((option) => option.title) ?? [])].join('\n')
  return {
    id: row.id, url: `/@${author.username}/${row.id}`, author, audience: row.audience,
    text: row.text, html: row.marks.includes('links') ? withoutLinks(row.html) : row.html, warning: row.warning, sensitive: row.sensitive, label: row.label,
    marks: mine || loaded.staff ? row.marks : row.marks.filter((mark) => mark !== 'limited'), language: row.language,
    createdAt: row.created_at.toISOString(), editedAt: row.edited_at?.toISOString() ?? null,
    replyTo: row.reply_to_id && replyAuthor ? { id: row.reply_to_id, author: replyAuthor } : null,
    boostOf, quote, quotePolicy: row.quote_policy, replyPolicy: row.reply_policy, threadPolicy: row.thread_policy ?? 'everyone', media, card: loaded.cards.get(row.id) ?? null, poll: poll ? presentPoll(poll, loaded.now) : null,
    mentions: row.mention_ids.flatMap((id) => { const one = loaded.accounts.get(id); return one ? [{ id, username: one.username }] : [] }),
    tags: row.tags, repliesCount: row.replies_count, likesCount: row.likes_count, boostsCount: row.boosts_count, quotesCount: row.quotes_count,
    pinned: row.pinned_at !== null, state: row.state, threadLocked: row.thread_locked,
    viewer: {
      liked: row.liked, boosted: row.boosted, bookmarked: row.bookmarked, mine, mutedAuthor: row.mutes_author, mutedThread: row.mutes_thread,
      canBoost: loaded.viewer !== null && row.state === 'published' && (row.audience === 'public' || row.audience === 'members' || (mine && row.audience === 'followers')),
      canReply: loaded.viewer !== null && row.state === 'published' && !row.thread_locked && mayReply([
        { policy: row.reply_policy, mine, ties: row.reply_ties }, ...row.thread_policy ? [{ policy: row.thread_policy, mine: row.thread_author_id === loaded.viewer, ties: row.thread_ties }] : [],
      ]),
      canQuote: loaded.viewer !== null && row.state === 'published' ? mayQuote(row.audience, row.quote_policy, mine, row.follows_author) : 'no',
    },
    // What one wrote oneself is never filtered; a boost is, as what it boosts.
    filtered: boostOf ? boostOf.filtered : mine ? [] : loaded.match(words(), [row.id]),
  }
}

/** Totals stay hidden until the end when the author wished so. */
function presentPoll(poll: PollRow, now: Date): PollView {
  const ended = poll.ends_at <= now
  const show = ended || !poll.hide_totals
  return {
    id: poll.id, multiple: poll.multiple, endsAt: poll.ends_at.toISOString(), ended, voters: poll.voters_count,
    options: poll.options.map((option) => ({ title: option.title, votes: show ? option.votes : null })),
    ownVotes: poll.own.length > 0 ? poll.own : null,
  }
}
