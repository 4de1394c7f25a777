import type { App } from '#server/app.ts'
import { findAccount } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { currentAnnouncements } from '#server/domain/instance/index.ts'
import type { AnnouncementView } from '#server/domain/instance/index.ts'
import { reactionsTo } from '#server/domain/emojis/index.ts'
import type { Reaction } from '#server/domain/emojis/index.ts'
import { matcherOf, whoFilters } from '#server/domain/filters/index.ts'
import { mediaForReaders } from '#server/domain/media/index.ts'
import { postViews } from '#server/domain/posts/index.ts'
import type { PostView } from '#server/domain/posts/index.ts'
import type { Ears } from './ears.ts'

/**
 * One post for many readers: read once, as its author sees it, for everybody it is told to may see it. Different for each
 * are the addresses of media that aren't everybody's, which are signed for their reader, and what the reader's filters find.
 * A post with a quote is read for each, a few at a time: who may see the quoted one is another question.
 */
export function viewsOf(app: App, { postId, authorId }: { postId: string; authorId: string }, ears: Ears): (viewer: Account | null) => Promise<PostView | null> {
  const plain = onceOf(async () => {
    const author = await findAccount(app, authorId)
    const [view] = author ? await postViews(app, author, [postId]) : []
    return view && { ...view, filtered: [] }
  })
  const media = onceOf(async () => {
    const shown = shownOf(await plain())
    return shown?.media.length ? mediaForReaders(app, [shown.id]) : null
  })
  const filtering = onceOf(() => whoFilters(app, ears.accountIds()))
  const lanes: Promise<unknown>[] = Array.from({ length: 8 }, () => Promise.resolve())
  let turn = 0
  const readFor = (viewer: Account | null) => {
    const at = turn++ % lanes.length
    const read = (lanes[at] ?? Promise.resolve()).then(async () => (await postViews(app, viewer, [postId]))[0] ?? null)
    lanes[at] = read.catch(() => {})
    return read
  }
  return async (viewer) => {
    if (shownOf(await plain())?.quote) return readFor(viewer)
    const [view, files] = await Promise.all([plain(), media()])
    const shown = shownOf(view)
    if (!view || !shown) return null
    const found = viewer && viewer.id !== shown.author.id && (await filtering()).has(viewer.id) ? (await matcherOf(app, viewer.id))(wordsOf(shown), [shown.id]) : []
    const own = files && !files.same ? (await files.of(viewer?.id ?? null)).get(shown.id) ?? [] : null
    if (found.length === 0 && !own) return view
    const mine = { ...shown, media: own ?? shown.media, filtered: found }
    return view.boostOf ? { ...view, boostOf: mine, filtered: found } : mine
  }
}

/** One announcement as it shows now, read once a language. */
export function announcementsOf(app: App, id: string | undefined): (viewer: Account | null) => Promise<AnnouncementView | null> {
  const kept = new Map<string, Promise<AnnouncementView | null>>()
  return (viewer) => {
    const locale = viewer?.locale ?? 'en'
    const known = kept.get(locale) ?? currentAnnouncements(app, null, locale).then((all) => all.find((one) => one.id === id) ?? null)
    kept.set(locale, known)
    return known
  }
}

/** One of the reactions to an announcement as it stands now, read once for all; 0 when the last was taken back. */
export const reactionOf = (app: App, { announcementId, name }: { announcementId: string; name: string }): (() => Promise<Omit<Reaction, 'me'>>) =>
  onceOf(async () => (await reactionsTo(app, null, [announcementId])).get(announcementId)?.find((one) => one.name === name) ?? { name, count: 0, url: null })

/** Runs `load` at the first call; all calls get its answer. */
export function onceOf<Value>(load: () => Promise<Value>): () => Promise<Value> {
  let kept: Promise<Value> | undefined
  return () => kept ??= load()
}

const shownOf = (view: PostView | null | undefined) => view?.boostOf ?? view
const wordsOf = (view: PostView) => [view.warning, view.text, ...view.media.map((one) => one.description), ...view.poll?.options.map((option) => option.title) ?? []].join('\n')
