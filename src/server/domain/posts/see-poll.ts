import type { App } from '#server/app.ts'
import type { Viewer } from '#server/domain/accounts/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { selectPollPost } from './queries-view.ts'
import type { PollView, PostView } from './types.ts'
import { seePost } from './view.ts'

/** The post of a poll, by the poll's id, as this viewer may see it; not found otherwise. */
export async function seePoll(app: App, viewer: Viewer, pollId: string): Promise<PostView & { poll: PollView }> {
  const postId = isId(pollId) ? await selectPollPost(app.database.queries, pollId) : undefined
  const view = postId ? await seePost(app, viewer, postId) : undefined
  if (!view?.poll) throw notFound()
  return { ...view, poll: view.poll }
}
