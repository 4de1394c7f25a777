import { suggestions, trendingPosts, trendingTags } from '#server/domain/discovery/index.ts'
import { requireViewer } from '../forms.server.ts'
import type { PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = requireViewer(locals, url)
  const [people, tags, posts] = await Promise.all([suggestions(locals.app, viewer, 8), trendingTags(locals.app, 10), trendingPosts(locals.app, viewer, 10)])
  return { people, tags, posts }
}
