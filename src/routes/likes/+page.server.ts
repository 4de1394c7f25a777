import { likedPosts } from '#server/domain/timelines/index.ts'
import { askOf } from '../ask.server.ts'
import { requireViewer } from '../forms.server.ts'
import type { PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => ({ posts: await likedPosts(locals.app, requireViewer(locals, url), askOf(url)) })
