import { redirect } from '@sveltejs/kit'
import { addToList, changeList, listMembers, removeFromList, removeList, seeList } from '#server/domain/lists/index.ts'
import { following } from '#server/domain/relationships/index.ts'
import { askOf } from '../../../ask.server.ts'
import { orErrorPage, requireViewer, textOf, tryForm } from '../../../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

const mostShown = 80

/** Who is on the list, and (in pages) whom else its owner follows. */
export const load: PageServerLoad = async ({ locals, url, params }) => {
  const viewer = requireViewer(locals, url)
  const [list, members, followed] = await orErrorPage(() => Promise.all([seeList(locals.app, viewer, params.id), listMembers(locals.app, viewer, params.id, { limit: mostShown }), following(locals.app, viewer, viewer.id, askOf(url, 40))]))
  const on = new Set(members.items.map((one) => one.id))
  return { list, members: members.items, others: { ...followed, items: followed.items.filter((one) => !on.has(one.id)) } }
}

export const actions: Actions = {
  save: async ({ locals, url, params, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    return await tryForm(data, async () => { await changeList(locals.app, viewer, params.id, { title: textOf(data, 'title'), repliesPolicy: textOf(data, 'repliesPolicy'), exclusive: data.has('exclusive') }) }) ?? { saved: true }
  },
  add: async ({ locals, url, params, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    return await tryForm(data, () => addToList(locals.app, viewer, params.id, [textOf(data, 'id')])) ?? { added: true }
  },
  takeOff: async ({ locals, url, params, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    return await tryForm(data, () => removeFromList(locals.app, viewer, params.id, [textOf(data, 'id')])) ?? { added: true }
  },
  remove: async ({ locals, url, params, request }) => {
    const viewer = requireViewer(locals, url)
    const failure = await tryForm(await request.formData(), () => removeList(locals.app, viewer, params.id))
    return failure ?? redirect(303, '/lists')
  },
}
