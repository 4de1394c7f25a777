import { redirect } from '@sveltejs/kit'
import { isLocale } from '#i18n/locales.ts'
import { safeNext, textOf } from '../../forms.server.ts'
import type { RequestHandler } from './$types.ts'

/** A visitor's choice of language, kept by this browser; members choose in their preferences. */
export const POST: RequestHandler = async ({ request, cookies }) => {
  const data = await request.formData()
  const locale = textOf(data, 'locale')
  if (isLocale(locale)) cookies.set('hearth_locale', locale, { path: '/', maxAge: 31_536_000, sameSite: 'lax' })
  redirect(303, safeNext(data.get('next')))
}
