import { redirect } from '@sveltejs/kit'
import { accountView, findAccountByUsername } from '#server/domain/accounts/index.ts'
import { addToList, createList, listsOf, listsWith, removeFromList } from '#server/domain/lists/index.ts'
import type { ListView } from '#server/domain/lists/index.ts'
import { requireViewer, textOf, tryForm } from '../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

/** ?account=NAME: which lists somebody is on, with a button for each. */
export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = requireViewer(locals, url)
  const name = url.searchParams.get('account')
  const found = name ? await findAccountByUsername(locals.app, name) : null
  const [lists, account, on] = await Promise.all([listsOf(locals.app, viewer), found ? accountView(locals.app, found.id) : null, found ? listsWith(locals.app, viewer, found.id) : []])
  return { lists, account, on: on.map((list) => list.id) }
}

export const actions: Actions = {
  create: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    const made = await tryForm(data, () => createList(locals.app, viewer, { title: textOf(data, 'title') }))
    return isList(made) ? redirect(303, `/lists/${made.id}/edit`) : made
  },
  add: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    return await tryForm(data, () => addToList(locals.app, viewer, textOf(data, 'list'), [textOf(data, 'id')])) ?? { saved: true }
  },
  takeOff: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    return await tryForm(data, () => removeFromList(locals.app, viewer, textOf(data, 'list'), [textOf(data, 'id')])) ?? { saved: true }
  },
}

const isList = (made: object): made is ListView => 'repliesPolicy' in made
