import { decisionsAboutMe, reportsByMe } from '#server/domain/moderation/index.ts'
import { askOf } from '../ask.server.ts'
import { requireViewer } from '../forms.server.ts'
import type { PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = requireViewer(locals, url)
  return url.searchParams.get('show') === 'reports'
    ? { show: 'reports' as const, decisions: null, reports: await reportsByMe(locals.app, viewer, askOf(url)), state: viewer.state }
    : { show: 'decisions' as const, decisions: await decisionsAboutMe(locals.app, viewer, askOf(url)), reports: null, state: viewer.state }
}
