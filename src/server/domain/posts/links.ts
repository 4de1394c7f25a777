import type { App } from '#server/app.ts'
import { isId } from '#server/platform/ids/index.ts'
import { readText } from '#server/platform/text/render.ts'
import { selectLinkText } from './queries-view.ts'

/** The links of a published post, in order, for the card it may show; none of what only named people may read. For events, not for pages. */
export async function linksOf(app: App, postId: string): Promise<string[]> {
  const text = isId(postId) ? await selectLinkText(app.database.queries, postId) : undefined
  return text ? readText(text).links : []
}
