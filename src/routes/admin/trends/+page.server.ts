import { hiddenTags, trendingPosts, trendingTags } from '#server/domain/discovery/index.ts'
import { hideTag, vetoTrend } from '#server/domain/moderation/index.ts'
import { textOf, tryForm } from '../../forms.server.ts'
import { staffOf } from '../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = staffOf(locals, url)
  const [tags, posts, hidden] = await Promise.all([trendingTags(locals.app, 30), trendingPosts(locals.app, viewer, 20), hiddenTags(locals.app)])
  return { tags, posts, hidden }
}

export const actions: Actions = {
  tag: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => { await hideTag(locals.app, viewer, textOf(data, 'tag'), textOf(data, 'hidden') === 'yes'); return { done: 'saved' } })
  },
  post: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => { await vetoTrend(locals.app, viewer, textOf(data, 'id')); return { done: 'saved' } })
  },
}
