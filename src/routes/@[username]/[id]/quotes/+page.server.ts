import { readSettings } from '#server/domain/instance/index.ts'
import { quotesOf, seePost } from '#server/domain/posts/index.ts'
import { askOf } from '../../../ask.server.ts'
import { orErrorPage, requireViewer } from '../../../forms.server.ts'
import type { PageServerLoad } from './$types.ts'

/** Who quotes a post; for its author also what waits for their word. */
export const load: PageServerLoad = async ({ locals, url, params }) => {
  const { app, viewer } = locals
  if ((await readSettings(app)).readMode === 'members') requireViewer(locals, url)
  return orErrorPage(async () => {
    const post = await seePost(app, viewer, params.id)
    const [quotes, waiting] = await Promise.all([quotesOf(app, viewer, post.id, askOf(url)), post.viewer.mine ? quotesOf(app, viewer, post.id, { waiting: true, limit: 40 }) : null])
    return { author: post.author, quotes, waiting: waiting?.items ?? [] }
  })
}
