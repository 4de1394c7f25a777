import { randomBytes, randomInt } from 'node:crypto'
import type { RequestEvent } from '@sveltejs/kit'
import type { Handle, HandleServerError } from '@sveltejs/kit/hooks'
import type { App } from '#server/app.ts'
import { sessionCookie, suspendedFromSession, viewerFromSession } from '#server/domain/sessions/index.ts'
import { calmAnswer, isCalmReason } from '#server/calm.ts'
import type { CalmReason } from '#server/calm.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { invalid, isHearthError } from '#server/platform/errors.ts'
import { directionOf, isLocale, localeFor } from '#i18n/locales.ts'
import { isReading } from '#ui/reading.ts'

const theApp = () => (globalThis as Record<symbol, unknown>)[Symbol.for('hearth.app')] as App

/** Who asks, in which language; then the page. Where nothing can be done at all just now, a calm word instead. */
export const handle: Handle = async (asked) => {
  const calm = (error: unknown) => isHearthError(error) && isCalmReason(error.code) ? calmResponse(asked.event, error.code, error.retryAfter) : undefined
  try {
    const response = await page(asked)
    const { trouble } = asked.event.locals
    return trouble && response.status >= 500 ? await calm(trouble) ?? response : response
  } catch (error) {
    const said = await calm(error)
    if (said) return said
    throw error
  }
}

async function calmResponse({ request }: RequestEvent, reason: CalmReason, seconds = 5): Promise<Response> {
  const { status, headers, body } = await calmAnswer(reason, { method: request.method, headers: Object.fromEntries(request.headers) }, seconds)
  return new Response(body, { status, headers })
}

const page: Handle = async ({ event, resolve }) => {
  const app = theApp()
  readableForms(event.request)
  event.locals.app = app
  event.locals.requestId = event.request.headers.get('x-request-id') ?? ''
  // A closed community shows nothing of its members, to nobody.
  const token = event.request.headers.get('x-hearth-locked') === 'lockedClosed' ? undefined : event.cookies.get(sessionCookie(app))
  const found = token ? await viewerFromSession(app, token) : null
  event.locals.viewer = found?.viewer ?? null
  event.locals.suspended = token && !found ? (await suspendedFromSession(app, token))?.viewer ?? null : null
  event.locals.sessionId = found?.sessionId ?? null
  if (found) app.changes.note([`v${found.viewer.id}`, `a${found.viewer.id}`, `n${found.viewer.id}`])
  event.locals.locale = await localeOf(event)
  const theme = event.locals.viewer?.preferences.theme ?? event.cookies.get('hearth_theme') ?? 'system'
  const response = await app.traces.span(`page ${event.route.id ?? 'none'}`, { 'http.route': event.route.id ?? 'none' }, async () => resolve(event, {
    transformPageChunk: ({ html }) => html
      .replace('%lang%', event.locals.locale)
      .replace('%dir%', directionOf(event.locals.locale))
      .replace('%theme%', theme === 'dark' || theme === 'light' ? theme : 'system')
      .replace('%reader%', event.locals.viewer ? 'member' : 'visitor')
      // What members wrote has no '<' of its own: these two are the page's.
      .replace('</body>', `${event.locals.viewer ? ending() : ''}</body>`)
      .replace(/<link [^>]*rel="modulepreload"[^>]*>/g, (link) => isReading(event.url.pathname) ? afterwards(link) : link),
    preload: ({ type, path }) => type === 'js' || type === 'css' || (type === 'font' && path.includes(event.locals.locale === 'ar' ? 'vazirmatn-arabic-wght' : 'figtree-latin-wght')),
  }))
  response.headers.set('x-frame-options', 'DENY')
  // Chromium lets a form lead on only to where form-action allows, and this one leads to any app: to its scheme, or its site and on from there.
  const policy = event.route.id === '/(auth)/oauth/authorize' && response.headers.get('content-security-policy')
  if (policy) response.headers.set('content-security-policy', policy.replace(/;? *form-action [^;]*/, ''))
  response.headers.set('permissions-policy', 'camera=(self), microphone=(self), geolocation=(), interest-cohort=()')
  if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'private, no-cache')
  return response
}

/**
 * Pages read and scroll without scripts: those that all pages share are fetched after what shows, those of posts and of this page when
 * somebody moves, and all run then (ui/wake.ts).
 */
const afterwards = (link: string) => link.replace('rel="modulepreload"', /\/(?:post\.|nodes\/(?!0\.))/.test(link) ? 'rel="own"' : 'rel="later"')

/** Packed pages of the same length tell nothing of what is on them (doors/pages/pack.ts). */
const ending = () => `<!--${randomBytes(randomInt(1, 64)).toString('base64url')}-->`

/** A body that is no form is the sender's mistake, not a failure of ours. */
function readableForms(request: Request): void {
  const read = request.formData.bind(request)
  request.formData = () => read().catch(() => { throw invalid('brokenForm') })
}

async function localeOf(event: RequestEvent) {
  const chosen = event.cookies.get('hearth_locale')
  // An app may say in which language its question is to be asked.
  const asked = event.url.pathname === '/oauth/authorize' ? event.url.searchParams.get('lang')?.slice(0, 2) : undefined
  if (isLocale(asked)) return asked
  const member = event.locals.viewer ?? event.locals.suspended
  if (member) return member.locale
  if (isLocale(chosen)) return chosen
  const settings = await readSettings(event.locals.app)
  return localeFor(event.request.headers.get('accept-language'), isLocale(settings.locale) ? settings.locale : 'en')
}

/** Our own errors keep their status and code; bugs are logged with the request's id. People get a sentence, never a stack. */
export const handleError: HandleServerError = ({ kind, error, event }) => {
  const { requestId } = event.locals
  if (isHearthError(error) && isCalmReason(error.code)) event.locals.trouble = error
  if (isHearthError(error)) return { status: error.status, message: error.code, code: error.code, params: error.params, requestId }
  if (kind === 'app') return { requestId }
  if (kind === 'framework') return { message: error.message, code: error.status === 404 ? 'notFound' : 'internal', requestId }
  theApp().log.error('a page failed', { path: event.route.id, requestId, error: error instanceof Error ? error.stack : String(error) })
  return { message: 'internal', code: 'internal', requestId }
}
