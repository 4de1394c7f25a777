import { tagSummary } from '#server/domain/discovery/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { tagTimeline } from '#server/domain/timelines/index.ts'
import { askOf } from '../../ask.server.ts'
import { orErrorPage, requireViewer } from '../../forms.server.ts'
import type { PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { app, viewer } = locals
  if ((await readSettings(app)).readMode === 'members') requireViewer(locals, url)
  return orErrorPage(async () => {
    const [posts, summary] = await Promise.all([tagTimeline(app, viewer, params.tag, askOf(url)), tagSummary(app, viewer, params.tag)])
    return { tag: params.tag, posts, summary }
  })
}
