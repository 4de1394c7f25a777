import type { App } from '#server/app.ts'
import type { Viewer } from '#server/domain/accounts/index.ts'
import type { MoreTags, Narrow } from './types.ts'
import type { Page, PostsAsk, PostView } from '#server/domain/posts/index.ts'
import { cardsAt } from '#server/domain/cards/index.ts'
import { cleanAsk } from '#server/platform/page/index.ts'
import { readTag } from '#server/platform/text/tag.ts'
import { eyesOf, pageOf } from './lines.ts'
import { selectCommunity, selectLinking, selectTagged } from './queries.ts'

/** Everyone's posts, newest first. Signed out: the public ones. */
export async function communityTimeline(app: App, viewer: Viewer, ask: PostsAsk & Pick<Narrow, 'onlyMedia'> = {}): Promise<Page<PostView>> {
  const clean = cleanAsk(ask)
  app.changes.note(['c'])
  const eyes = await eyesOf(app, viewer)
  return pageOf(app, viewer, await selectCommunity(app.database.queries, eyes, clean, ask), clean, { filter: 'public', annotate: ask.annotate })
}

/** Posts with a tag, answers included; with or without '#'. An unknown tag is an empty page. */
export async function tagTimeline(app: App, viewer: Viewer, name: string, ask: PostsAsk & Pick<Narrow, 'onlyMedia'> & MoreTags = {}): Promise<Page<PostView>> {
  const clean = cleanAsk(ask)
  const tag = readTag(name)
  if (!tag) return { items: [], older: null, newer: null }
  const eyes = await eyesOf(app, viewer)
  return pageOf(app, viewer, await selectTagged(app.database.queries, { any: [tag.name, ...namesOf(ask.any)], all: namesOf(ask.all, true), none: namesOf(ask.none) }, eyes, clean, ask), clean, { filter: 'public', annotate: ask.annotate })
}

/** Posts that share the link at this address, answers included. An unknown one is an empty page. */
export async function linkTimeline(app: App, viewer: Viewer, address: string, ask: PostsAsk = {}): Promise<Page<PostView>> {
  const clean = cleanAsk(ask)
  const cards = await cardsAt(app, address)
  if (cards.length === 0) return { items: [], older: null, newer: null }
  const eyes = await eyesOf(app, viewer)
  return pageOf(app, viewer, await selectLinking(app.database.queries, cards, eyes, clean), clean, { filter: 'public', annotate: ask.annotate })
}

/** Tags as they are compared. One that can't be a tag is on no post: `kept`, it stays, and nothing is found. */
function namesOf(tags: string[] = [], kept = false): string[] {
  return tags.slice(0, 4).flatMap((one) => readTag(one)?.name ?? (kept ? [''] : []))
}
