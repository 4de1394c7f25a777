import { conversationsOf } from '#server/domain/conversations/index.ts'
import { askOf } from '../ask.server.ts'
import { requireViewer } from '../forms.server.ts'
import type { PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => ({ conversations: await conversationsOf(locals.app, requireViewer(locals, url), askOf(url, 30)) })
