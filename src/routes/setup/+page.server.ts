import { redirect } from '@sveltejs/kit'
import { loadCatalogue } from '#i18n/load.ts'
import { locales } from '#i18n/locales.ts'
import { translator } from '#i18n/translate.ts'
import { checkSetUpToken, readSettings } from '#server/domain/instance/index.ts'
import type { RuleDraft, SettingsPatch } from '#server/domain/instance/index.ts'
import { setUpCommunity } from '#server/set-up.ts'
import { orErrorPage, setSessionCookie, textOf, tryForm } from '../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

const mostRules = 5

export const load: PageServerLoad = async ({ locals, url }) => {
  await orErrorPage(() => checkSetUpToken(locals.app, url.searchParams.get('token') ?? ''))
  const { accentColour, joinMode, readMode, picturePolicy } = await readSettings(locals.app)
  return { settings: { accentColour, joinMode, readMode, picturePolicy }, mostRules }
}

export const actions: Actions = {
  default: async ({ locals, url, request, cookies }) => {
    const data = await request.formData()
    return tryForm(data, async () => {
      const session = await setUpCommunity(locals.app, url.searchParams.get('token') ?? '', {
        community: communityOf(data, locals.locale), rules: await rulesOf(data), welcome: await welcomeOf(locals.locale, textOf(data, 'name')),
        owner: { username: textOf(data, 'username'), displayName: textOf(data, 'displayName'), email: textOf(data, 'email') || undefined, password: textOf(data, 'password', false), locale: locals.locale },
        userAgent: request.headers.get('user-agent') ?? '',
      })
      setSessionCookie(locals.app, cookies, session.token, session.expiresAt)
      redirect(303, '/')
    })
  },
}

function communityOf(data: FormData, locale: 'en' | 'ar'): SettingsPatch {
  const chosen = textOf(data, 'accentColour')
  return {
    name: textOf(data, 'name'), description: textOf(data, 'description'), locale, accentColour: chosen === 'own' || !chosen ? textOf(data, 'ownColour') || undefined : chosen,
    joinMode: textOf(data, 'joinMode') as SettingsPatch['joinMode'], readMode: textOf(data, 'readMode') as SettingsPatch['readMode'], picturePolicy: textOf(data, 'picturePolicy') as SettingsPatch['picturePolicy'],
  }
}

/** A pre-filled rule that wasn't changed keeps its other language. */
async function rulesOf(data: FormData): Promise<RuleDraft[]> {
  const speak = await Promise.all(locales.map(async (locale) => translator(locale, await loadCatalogue(locale, 'staff'))))
  const suggested = ([1, 2, 3] as const).map((at) => Object.fromEntries(speak.map((one) => [one.locale, { text: one.t(`setup.rule${at}`), hint: '' }])))
  return Array.from({ length: mostRules }, (_, at) => textOf(data, `rule${at + 1}`)).filter(Boolean)
    .map((text) => ({ text, translations: suggested.find((one) => Object.values(one).some((own) => own.text === text)) }))
}

async function welcomeOf(locale: 'en' | 'ar', name: string): Promise<{ text: string; translations: Record<string, string> }> {
  const texts = Object.fromEntries(await Promise.all(locales.map(async (one) => [one, translator(one, await loadCatalogue(one, 'staff')).t('setup.welcome', { name })] as const)))
  return { text: texts[locale]!, translations: texts }
}
