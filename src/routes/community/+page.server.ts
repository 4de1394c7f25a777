import { readSettings } from '#server/domain/instance/index.ts'
import { communityTimeline } from '#server/domain/timelines/index.ts'
import { askOf } from '../ask.server.ts'
import { requireViewer } from '../forms.server.ts'
import type { PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const settings = await readSettings(locals.app)
  if (settings.readMode === 'members') requireViewer(locals, url)
  return { posts: await communityTimeline(locals.app, locals.viewer, askOf(url)) }
}
