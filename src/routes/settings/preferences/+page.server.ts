import { editPreferences, editProfile } from '#server/domain/accounts/index.ts'
import { isLocale } from '#i18n/locales.ts'
import { redirect } from '@sveltejs/kit'
import { requireViewer, textOf, tryForm } from '../../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

const audiences = ['public', 'members', 'followers', 'mentioned'] as const
const themes = ['system', 'light', 'dark'] as const

export const load: PageServerLoad = ({ locals, url }) => {
  const viewer = requireViewer(locals, url)
  return { preferences: viewer.preferences, locale: viewer.locale, defaultAudience: viewer.defaultAudience, saved: url.searchParams.has('saved') }
}

/** How much one wants to be held to describing pictures; a form that doesn't say changes nothing. */
const altOf = (way: string) => ({ off: { remindAlt: false, requireAlt: false }, remind: { remindAlt: true, requireAlt: false }, require: { remindAlt: true, requireAlt: true } })[way] ?? {}

export const actions: Actions = {
  default: async ({ locals, url, request, cookies }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    const failure = await tryForm(data, async () => {
      const locale = textOf(data, 'locale')
      const theme = themes.find((known) => known === textOf(data, 'theme')) ?? 'system'
      const audience = audiences.find((known) => known === textOf(data, 'defaultAudience')) ?? 'members'
      await editProfile(locals.app, viewer, { locale: isLocale(locale) ? locale : undefined, defaultAudience: audience })
      await editPreferences(locals.app, viewer, {
        theme, reduceMotion: data.has('reduceMotion'), autoplay: data.has('autoplay'), shortcuts: data.has('shortcuts'), ...altOf(textOf(data, 'alt')),
      })
      // Before anybody is known here (after logging out), this browser keeps the choice.
      if (isLocale(locale)) cookies.set('hearth_locale', locale, { path: '/', maxAge: 31_536_000, sameSite: 'lax' })
      cookies.set('hearth_theme', theme, { path: '/', maxAge: 31_536_000, sameSite: 'lax' })
    })
    // A whole new page: language, direction and theme stand on <html>.
    return failure ?? redirect(303, '/settings/preferences?saved')
  },
}
