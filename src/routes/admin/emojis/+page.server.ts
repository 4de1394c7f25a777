import { addEmoji, allEmojis, setEmojiDisabled } from '#server/domain/emojis/index.ts'
import { textOf, tryForm } from '../../forms.server.ts'
import { staffOf } from '../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => ({ emojis: await allEmojis(locals.app, staffOf(locals, url, 'admin')) })

export const actions: Actions = {
  add: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => { await addEmoji(locals.app, viewer, { shortcode: textOf(data, 'shortcode'), mediaId: textOf(data, 'picture'), category: textOf(data, 'category') }); return { done: 'saved' } })
  },
  disable: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => { await setEmojiDisabled(locals.app, viewer, textOf(data, 'id'), textOf(data, 'disabled') === 'yes'); return { done: 'saved' } })
  },
}
