import { newcomers, suggestions, trendingPosts, trendingTags } from '#server/domain/discovery/index.ts'
import { redirect } from '@sveltejs/kit'
import { requireViewer } from '../forms.server.ts'
import type { PageServerLoad } from './$types.ts'

/** What goes on here; on small screens the rail lives on this page. */
export const load: PageServerLoad = async ({ locals, url }) => {
  const { app } = locals
  const viewer = requireViewer(locals, url)
  if (viewer.state === 'pending') redirect(303, '/waiting')
  const [people, fresh, tags, posts] = await Promise.all([suggestions(app, viewer, 6), newcomers(app, viewer, 12), trendingTags(app, 10), trendingPosts(app, viewer, 10)])
  const shown = new Set(people.map((one) => one.account.id))
  return { people, fresh: fresh.filter((one) => !shown.has(one.account.id)).slice(0, 5), tags, posts }
}
