import { redirect } from '@sveltejs/kit'
import { readConversation, removeConversation, seeConversation } from '#server/domain/conversations/index.ts'
import { threadOf } from '#server/domain/posts/index.ts'
import { orErrorPage, requireViewer, tryForm } from '../../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

/** What was said, up to the last word. Opening it reads it; preloading is off where it is linked. */
export const load: PageServerLoad = async ({ locals, url, params }) => {
  const viewer = requireViewer(locals, url)
  return orErrorPage(async () => {
    const conversation = await seeConversation(locals.app, viewer, params.id)
    const { ancestors, post } = await threadOf(locals.app, viewer, conversation.lastPost.id)
    if (conversation.unread) await readConversation(locals.app, viewer, conversation.id)
    return { talk: conversation, posts: [...ancestors, post] }
  })
}

export const actions: Actions = {
  unread: async ({ locals, url, params, request }) => {
    const viewer = requireViewer(locals, url)
    const failure = await tryForm(await request.formData(), () => readConversation(locals.app, viewer, params.id, true))
    return failure ?? redirect(303, '/conversations')
  },
  remove: async ({ locals, url, params, request }) => {
    const viewer = requireViewer(locals, url)
    const failure = await tryForm(await request.formData(), () => removeConversation(locals.app, viewer, params.id))
    return failure ?? redirect(303, '/conversations')
  },
}
