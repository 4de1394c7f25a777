import type { App } from '#server/app.ts'
import type { Viewer } from '#server/domain/accounts/index.ts'
import type { Page, PostView, Shown } from '#server/domain/posts/index.ts'
import { postViews, readerOf } from '#server/domain/posts/index.ts'
import { hiddenAccountIds } from '#server/domain/relationships/index.ts'
import type { CleanAsk } from '#server/platform/page/index.ts'
import { cutPage } from '#server/platform/page/index.ts'
import type { Eyes, Line } from './queries.ts'

/** Who looks, and whom they don't want to meet. */
export async function eyesOf(app: App, viewer: Viewer): Promise<Eyes> {
  const [eyes, hidden] = await Promise.all([readerOf(app, viewer), hiddenAccountIds(app, viewer)])
  return { ...eyes, hidden: [...hidden] }
}

/** Lines as a page of posts, filtered as where it is shown. The same post twice on a page (boosted by several) is shown once. */
export async function pageOf(app: App, viewer: Viewer, lines: Line[], ask: CleanAsk, shown: Shown = {}): Promise<Page<PostView>> {
  const page = cutPage(lines, ask, (line) => line.key)
  const met = new Set<string>()
  const ids = page.items.filter((line) => !met.has(line.original) && met.add(line.original)).map((line) => line.id)
  return { ...page, items: await postViews(app, viewer, ids, shown) }
}
