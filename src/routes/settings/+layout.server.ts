import { requireViewer } from '../forms.server.ts'
import type { LayoutServerLoad } from './$types.ts'

export const load: LayoutServerLoad = ({ locals, url }) => {
  requireViewer(locals, url)
  return { mayInvite: locals.viewer?.state === 'active' }
}
