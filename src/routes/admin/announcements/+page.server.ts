import { allAnnouncements, createAnnouncement, deleteAnnouncement, editAnnouncement, publishAnnouncement, setAnnouncementPublished } from '#server/domain/instance/index.ts'
import type { AnnouncementDraft } from '#server/domain/instance/index.ts'
import { textOf, tryForm } from '../../forms.server.ts'
import { staffOf } from '../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => ({ announcements: await allAnnouncements(locals.app, staffOf(locals, url, 'admin')) })

/** Times are written in UTC, as the page says. */
function draftOf(data: FormData): AnnouncementDraft {
  const time = (name: string) => { const value = textOf(data, name); return value ? new Date(`${value}Z`) : null }
  return { text: textOf(data, 'text'), translations: { ar: textOf(data, 'text.ar'), en: textOf(data, 'text.en') }, emphasised: data.has('emphasised'), startsAt: time('startsAt'), endsAt: time('endsAt') }
}

export const actions: Actions = {
  create: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => { await (data.get('publish') ? publishAnnouncement : createAnnouncement)(locals.app, viewer, draftOf(data)); return { done: 'saved' } })
  },
  edit: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => { await editAnnouncement(locals.app, viewer, textOf(data, 'id'), draftOf(data)); return { done: 'saved' } })
  },
  publish: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => { await setAnnouncementPublished(locals.app, viewer, textOf(data, 'id'), textOf(data, 'published') === 'yes'); return { done: 'saved' } })
  },
  delete: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => { await deleteAnnouncement(locals.app, viewer, textOf(data, 'id')); return { done: 'deleted' } })
  },
}
