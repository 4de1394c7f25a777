import { redirect } from '@sveltejs/kit'
import { markOnboarded } from '#server/domain/accounts/index.ts'
import { suggestions, trendingTags } from '#server/domain/discovery/index.ts'
import { follow, followTag } from '#server/domain/relationships/index.ts'
import { freshRail } from '#server/rail.ts'
import { isHearthError } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { requireViewer } from '../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = requireViewer(locals, url)
  const [people, tags] = await Promise.all([suggestions(locals.app, viewer, 12), trendingTags(locals.app, 20)])
  return { people, tags }
}

export const actions: Actions = {
  default: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    const one = async (verb: Promise<unknown>) => verb.catch((error: unknown) => { if (!isHearthError(error)) throw error })
    for (const id of data.getAll('follow').slice(0, 20)) if (isId(id)) await one(follow(locals.app, viewer, id))
    for (const tag of data.getAll('tag').slice(0, 20)) if (typeof tag === 'string') await one(followTag(locals.app, viewer, tag))
    await markOnboarded(locals.app, viewer)
    freshRail(locals.app, viewer)
    redirect(303, '/')
  },
}
