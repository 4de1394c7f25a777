import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import type { Page, PostId, PostsAsk, PostView } from '#server/domain/posts/index.ts'
import type { CleanAsk } from '#server/platform/page/index.ts'
import { cleanAsk } from '#server/platform/page/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { eyesOf, pageOf } from './lines.ts'
import type { Line } from './queries.ts'
import { selectHome, selectSources } from './queries.ts'

const mostRounds = 5
const mostNew = 50
/** Enough nearly always, and less than half the work; where one person writes much, asked again with the full number. */
const fewPerSource = 8

/** Own posts, those of the people and tags one follows, and what these people boost, newest first. */
export async function homeTimeline(app: App, viewer: Account, ask: PostsAsk = {}): Promise<Page<PostView>> {
  const clean = cleanAsk(ask)
  await noteSources(app, viewer)
  return pageOf(app, viewer, await homeLines(app, viewer, clean), clean, { filter: 'home', annotate: ask.annotate })
}

/** How many posts of others came to the home since this post, at most 50. */
export async function newerCount(app: App, viewer: Account, sinceId: PostId): Promise<number> {
  if (!isId(sinceId)) return 0
  const lines = await homeLines(app, viewer, { before: null, after: sinceId, limit: mostNew })
  return Math.min(mostNew, lines.filter((line) => line.author_id !== viewer.id).length)
}

/** What comes home comes from these: a post of theirs, or with that tag, changes it. */
async function noteSources(app: App, viewer: Account): Promise<void> {
  if (!app.changes.noting()) return
  const { people, tags } = await selectSources(app.database.queries, viewer.id)
  app.changes.note([`v${viewer.id}`, `w${viewer.id}`, ...people.map((id) => `w${id}` as const), ...tags.map((id) => `h${id}` as const)])
}

/** Up to one line more than the limit. Asks again where much turned out to be hidden. */
async function homeLines(app: App, viewer: Account, ask: CleanAsk): Promise<Line[]> {
  const eyes = await eyesOf(app, viewer)
  const lines: Line[] = []
  const most = ask.limit + 1
  let at = ask
  for (let round = 0; round < mostRounds && lines.length < most; round++) {
    let { lines: found, complete } = await selectHome(app.database.queries, viewer.id, eyes, at, most, fewPerSource)
    if (!complete) ({ lines: found, complete } = await selectHome(app.database.queries, viewer.id, eyes, at, most, most))
    lines.push(...found.filter((line) => line.seen))
    const last = found.at(-1)
    if (found.length < most || !last) break
    at = ask.after ? { ...ask, after: last.id } : { ...ask, before: last.id, after: null }
  }
  return lines.slice(0, most)
}
