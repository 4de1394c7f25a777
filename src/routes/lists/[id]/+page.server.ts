import { seeList } from '#server/domain/lists/index.ts'
import { listTimeline } from '#server/domain/timelines/index.ts'
import { askOf } from '../../ask.server.ts'
import { orErrorPage, requireViewer } from '../../forms.server.ts'
import type { PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url, params }) => {
  const viewer = requireViewer(locals, url)
  const [list, posts] = await orErrorPage(() => Promise.all([seeList(locals.app, viewer, params.id), listTimeline(locals.app, viewer, params.id, askOf(url))]))
  return { list, posts }
}
