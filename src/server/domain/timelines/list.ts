import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { seeList } from '#server/domain/lists/index.ts'
import type { ListId } from '#server/domain/lists/index.ts'
import type { Page, PostId, PostsAsk, PostView } from '#server/domain/posts/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { cleanAsk } from '#server/platform/page/index.ts'
import { eyesOf, pageOf } from './lines.ts'
import { selectList, selectListsOfPost } from './queries-list.ts'

/** What the people on an own list wrote and boosted, newest first; answers as the list's policy has it. A list of somebody else is not found. */
export async function listTimeline(app: App, viewer: Account, id: ListId, ask: PostsAsk = {}): Promise<Page<PostView>> {
  const list = await seeList(app, viewer, id)
  const clean = cleanAsk(ask)
  const eyes = await eyesOf(app, viewer)
  return pageOf(app, viewer, await selectList(app.database.queries, viewer.id, list, eyes, clean), clean, { filter: 'home', annotate: ask.annotate })
}

/** Which of these lists a new post comes to, for streams that are open now. Whether their owners may see the post is not asked here. */
export async function listsOfPost(app: App, postId: PostId, listIds: ListId[]): Promise<Set<ListId>> {
  const known = listIds.filter(isId)
  return new Set(isId(postId) && known.length ? await selectListsOfPost(app.database.queries, postId, known, app.now()) : [])
}
