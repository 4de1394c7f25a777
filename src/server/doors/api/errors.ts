import { z } from 'zod'
import { isHearthError } from '#server/platform/errors.ts'
import { isLocale } from '#i18n/locales.ts'
import { loadCatalogue } from '#i18n/load.ts'
import { translator } from '#i18n/translate.ts'

/** An answer that is an error by the protocol's own rules; `error` is shown to people by some apps. */
export class ApiError extends Error {
  readonly status: number
  readonly more: Record<string, unknown>
  constructor(status: number, error: string, more: Record<string, unknown> = {}) {
    super(error)
    this.status = status
    this.more = more
  }
}

export type ErrorAnswer = { status: number; headers: Record<string, string>; body: { error: string } & Record<string, unknown>; bug?: unknown }

/** Any error as `{error}`: a sentence in the reader's language, with `details` by field where a form was wrong (apps expect them with every 422, be there a field or none). Never a stack. */
export async function errorAnswer(error: unknown, locale: string): Promise<ErrorAnswer> {
  const answer = await inWords(error, locale)
  return answer.status === 422 ? { ...answer, body: { ...answer.body, details: answer.body['details'] ?? {} } } : answer
}

async function inWords(error: unknown, locale: string): Promise<ErrorAnswer> {
  if (error instanceof ApiError) return { status: error.status, headers: {}, body: { error: error.message, ...error.more } }
  if (error instanceof z.ZodError) {
    const wrong = error.issues.map((issue) => ({ field: issue.path.join('.') || 'body', description: issue.message }))
    return { status: 422, headers: {}, body: { error: `Validation failed: ${wrong.map(({ field, description }) => `${field}: ${description}`).join(', ')}`, details: grouped(wrong) } }
  }
  if (isHearthError(error)) {
    if (error.status === 404) return { status: 404, headers: {}, body: { error: 'Record not found' } }
    const language = isLocale(locale) ? locale : 'en'
    const say = translator(language, await loadCatalogue(language), await loadCatalogue(language, 'staff'))
    const problems = error.problems.map(({ field, message, params }) => ({ field, description: say.maybe(message, params), error: wordFor[message] }))
    const sentence = problems.length ? problems.map(({ description }) => description).join(' ') : say.maybe(`error.${error.code}`, error.params)
    return {
      status: error.status, headers: error.retryAfter ? { 'retry-after': String(error.retryAfter) } : {},
      body: { error: sentence, ...problems.length ? { details: grouped(problems) } : {} },
    }
  }
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500
  if (status >= 400 && status < 500) return { status, headers: {}, body: { error: error instanceof Error ? error.message : 'Bad request' } }
  return { status: 500, headers: {}, body: { error: 'Something went wrong on our side' }, bug: error }
}

/** The words by which apps tell what is wrong; everything else is ERR_INVALID. */
const wordFor: Record<string, string | undefined> = {
  'error.required': 'ERR_BLANK', 'error.empty': 'ERR_BLANK', 'error.emailNeeded': 'ERR_BLANK', 'error.reasonNeeded': 'ERR_BLANK', 'error.consentNeeded': 'ERR_ACCEPTED', 'error.usernameTaken': 'ERR_TAKEN',
  'error.usernameLookAlike': 'ERR_TAKEN', 'error.emailTaken': 'ERR_TAKEN', 'error.usernameReserved': 'ERR_RESERVED', 'error.passwordShort': 'ERR_TOO_SHORT', 'error.tooLong': 'ERR_TOO_LONG',
}

function grouped(problems: { field: string; description: string; error?: string }[]): Record<string, { error: string; description: string }[]> {
  return Object.fromEntries([...Map.groupBy(problems, (one) => one.field)].map(([field, list]) => [field, list.map(({ description, error = 'ERR_INVALID' }) => ({ error, description }))]))
}
