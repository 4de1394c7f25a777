import type { IncomingMessage, ServerResponse } from 'node:http'
import { loadCatalogue } from '#i18n/load.ts'
import { localeFor } from '#i18n/locales.ts'
import { translator } from '#i18n/translate.ts'
import type { App } from '../../app.ts'
import { isHearthError } from '../../platform/errors.ts'
import type { ViewerOf } from './index.ts'

export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}

/** `{ error, message, params, problems }`: the code for programs, the sentence for people. What isn't ours to tell is 'internal'. */
export async function answerError(app: App, request: IncomingMessage, response: ServerResponse, error: unknown, viewerOf: ViewerOf): Promise<void> {
  const ours = isHearthError(error)
  if (!ours) app.log.error('a media request failed', { error: error instanceof Error ? error.stack : String(error) })
  if (response.headersSent) { response.destroy(); return }
  const viewer = await viewerOf().catch(() => null)
  const locale = viewer?.locale ?? localeFor(request.headers['accept-language'])
  const { t, maybe } = translator(locale, await loadCatalogue(locale))
  const code = ours ? error.code : 'internal'
  if (ours && error.retryAfter) response.setHeader('retry-after', error.retryAfter)
  const problems = ours ? error.problems.map((one) => ({ ...one, text: maybe(one.message, one.params, one.message) })) : []
  answerJson(response, ours ? error.status : 500, { error: code, message: problems[0]?.text ?? maybe(`error.${code}`, ours ? error.params : {}, t('error.internal')), params: ours ? error.params : {}, problems })
}
