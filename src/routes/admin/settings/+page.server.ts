import { changeSettings, chosenSettings } from '#server/domain/instance/index.ts'
import type { SettingsPatch } from '#server/domain/instance/index.ts'
import { textOf, tryForm } from '../../forms.server.ts'
import { staffOf } from '../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  staffOf(locals, url, 'admin')
  return { settings: await chosenSettings(locals.app) }
}

/** Each section is a form of its own: `section` names it, so that an unticked box means no only where it was shown. */
function patchOf(data: FormData): SettingsPatch {
  const choice = <Key extends keyof SettingsPatch>(name: Key) => (textOf(data, name) || undefined) as SettingsPatch[Key]
  switch (textOf(data, 'section')) {
    case 'look': {
      const chosen = textOf(data, 'accentColour')
      return { accentColour: chosen === 'own' ? textOf(data, 'ownColour') : chosen || undefined, ...pictureOf(data, 'logoMediaId'), ...pictureOf(data, 'coverMediaId') }
    }
    case 'door': return { joinMode: choice('joinMode'), readMode: choice('readMode'), emailMode: choice('emailMode'), membersMayInvite: data.has('membersMayInvite'), showPublicPostsOnFrontPage: data.has('showPublicPostsOnFrontPage') }
    case 'members': return { picturePolicy: choice('picturePolicy'), defaultAudience: choice('defaultAudience') }
    case 'media': return { mostImageMegabytes: number(data, 'mostImageMegabytes'), mostVideoMegabytes: number(data, 'mostVideoMegabytes'), mostAudioMegabytes: number(data, 'mostAudioMegabytes'), memberQuotaMegabytes: number(data, 'memberQuotaMegabytes'), publishWhileProcessing: data.has('publishWhileProcessing'), keepLossless: data.has('keepLossless') }
    case 'legal': return { operator: textOf(data, 'operator'), contactEmail: textOf(data, 'contactEmail'), terms: textOf(data, 'terms') }
    default: return { name: textOf(data, 'name'), description: textOf(data, 'description'), locale: choice('locale'), languages: textOf(data, 'languages').split(/[\s,،]+/).filter(Boolean) }
  }
}

/** NaN for what is no number: the schema says so in words. */
const number = (data: FormData, name: string) => Number(textOf(data, name) || NaN)

function pictureOf(data: FormData, name: 'logoMediaId' | 'coverMediaId'): SettingsPatch {
  if (data.has(`${name}.remove`)) return { [name]: null }
  const id = textOf(data, name)
  return id ? { [name]: id } : {}
}

export const actions: Actions = {
  default: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => {
      const wished = patchOf(data)
      const now = await changeSettings(locals.app, viewer, wished)
      return { done: wished.accentColour && wished.accentColour.toLowerCase() !== now.accentColour ? 'savedDarker' : 'saved' }
    })
  },
}
