import { redirect } from '@sveltejs/kit'
import { readSettings } from '#server/domain/instance/index.ts'
import { editsOf, isForAdults, threadOf } from '#server/domain/posts/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { notAllowed, notFound } from '#server/platform/errors.ts'
import { orErrorPage, requireViewer } from '../../forms.server.ts'
import type { PageServerLoad } from './$types.ts'

/** A post with what it answers and what answers it. */
export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { app, viewer } = locals
  if ((await readSettings(app)).readMode === 'members') requireViewer(locals, url)
  const thread = await orErrorPage(async () => {
    if (!isId(params.id)) throw notFound('noPost')
    if (await isForAdults(app, viewer, params.id)) throw notAllowed('forAdults')
    return threadOf(app, viewer, params.id)
  })
  // One address a post: a wrong name in it leads to the right one.
  if (thread.post.author.username !== params.username) redirect(308, thread.post.url)
  const history = url.searchParams.has('history') && thread.post.editedAt ? await orErrorPage(() => editsOf(app, viewer, params.id)) : []
  return { thread, history }
}
