import { error, redirect } from '@sveltejs/kit'
import type { Cookies } from '@sveltejs/kit'
import type { App as HearthApp } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { allow, askingApp, deny, placeOf, readAsk, refusalOf, withoutCovered } from '#server/domain/apps/index.ts'
import type { Ask } from '#server/domain/apps/index.ts'
import { isHearthError } from '#server/platform/errors.ts'
import { isLocale } from '#i18n/locales.ts'
import { tryForm } from '../../../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

/** The question alone, without what SvelteKit and we put into the address. */
function questionOf(url: URL): URLSearchParams {
  const question = new URLSearchParams(url.searchParams)
  for (const name of url.searchParams.keys()) if (name.startsWith('/') || name === 'force_login') question.delete(name)
  return question
}
const logIn = (question: URLSearchParams, again = false) => redirect(303, `/login?${again ? 'again=yes&' : ''}next=${encodeURIComponent(`/oauth/authorize?${question}`)}`)

/**
 * The app, or an error page: as long as it isn't sure who asks and where the answer goes, nothing is sent anywhere. Other
 * mistakes of the app are told to the member, who may carry them back by a press: a mere link that leads away at once
 * would lend our name to any site (RFC 9700, 4.11.2).
 */
async function asked(app: HearthApp, question: URLSearchParams, viewer: Account | null): Promise<{ ask: Ask } | { refused: { name: string; why: string; back: string | null } }> {
  let asking: Awaited<ReturnType<typeof askingApp>> | undefined
  try {
    asking = await askingApp(app, question)
    return { ask: await readAsk(app, question, viewer) }
  } catch (problem) {
    const refused = isHearthError(problem) ? refusalOf(problem) : null
    if (!refused) throw problem
    const code = refused.word === 'invalid_client' ? 'appUnknown' : 'appRedirect'
    if (!asking) error(400, code, { code })
    return { refused: { name: asking.client.name, why: `${refused.word}: ${refused.why}`, back: deny(app, asking, refused.word, refused.why) } }
  }
}

/** A visitor logs in in the language of the question, unless they chose one. */
function keepLanguage(cookies: Cookies, url: URL): void {
  const lang = url.searchParams.get('lang')?.slice(0, 2)
  if (isLocale(lang) && !cookies.get('hearth_locale')) cookies.set('hearth_locale', lang, { path: '/', httpOnly: true, sameSite: 'lax', secure: url.protocol === 'https:' })
}

export const load: PageServerLoad = async ({ locals, url, cookies, setHeaders }) => {
  const question = questionOf(url)
  setHeaders({ 'cache-control': 'no-store' })
  const found = await asked(locals.app, question, locals.viewer)
  if ('refused' in found) return { refused: found.refused, ask: null, question: '' }
  if (!locals.viewer) {
    keepLanguage(cookies, url)
    logIn(question)
  }
  const isAnswer = [...url.searchParams.keys()].some((name) => name.startsWith('/'))
  if (/^(1|true|t|on|yes)$/i.test(url.searchParams.get('force_login') ?? '') && !isAnswer) logIn(question, true)
  const { client, scopes, redirectUri } = found.ask
  return {
    refused: null,
    question: `${question}`,
    ask: { name: client.name, website: client.website, rights: withoutCovered(scopes), staff: scopes.some((scope) => scope.startsWith('admin:')), place: placeOf(redirectUri) },
  }
}

export const actions: Actions = {
  allow: async ({ locals, url, request }) => {
    const question = questionOf(url)
    const { viewer } = locals
    if (!viewer) return logIn(question)
    const found = await asked(locals.app, question, viewer)
    if ('refused' in found) return {}
    const data = await request.formData()
    // Another member logged in meanwhile, in another window: the question is asked anew.
    if (data.get('member') !== viewer.id) redirect(303, `/oauth/authorize?${question}`)
    const allowed = await tryForm(data, () => allow(locals.app, viewer, found.ask))
    if ('status' in allowed) return allowed
    // One of the addresses that the app registered.
    if (allowed.redirect) redirect(303, allowed.redirect, { external: true })
    return { shown: allowed.code }
  },
  deny: async ({ locals, url }) => {
    const asking = await askingApp(locals.app, questionOf(url)).catch(() => null)
    const back = asking && deny(locals.app, asking)
    if (back) redirect(303, back, { external: true })
    return { denied: true }
  },
}
