import type { App } from '#server/app.ts'
import { isId } from '#server/platform/ids/index.ts'
import { readText } from '#server/platform/text/render.ts'
import { selectFollowUp } from './queries-view.ts'

/** `links`: of a published post, in order, for the card it may show; none of what only named people may read · `named`: for named people · `quotes`: quotes a post, or wants to */
export type FollowUp = { links: string[]; named: boolean; quotes: boolean }

/** What there is to do about a post that was written or changed. For events, not for pages. */
export async function followUpOf(app: App, postId: string): Promise<FollowUp> {
  const row = isId(postId) ? await selectFollowUp(app.database.queries, postId) : undefined
  return row ? { links: row.link_text === null ? [] : readText(row.link_text).links, named: row.named, quotes: row.quotes } : { links: [], named: false, quotes: false }
}
