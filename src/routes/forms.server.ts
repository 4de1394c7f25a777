import { error, fail, json, redirect } from '@sveltejs/kit'
import type { ActionFailure, Cookies } from '@sveltejs/kit'
import type { App as HearthApp } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { sessionCookie } from '#server/domain/sessions/index.ts'
import { isHearthError } from '#server/platform/errors.ts'
import type { FieldProblem, Params } from '#server/platform/errors.ts'

/** What a page gets back when its form can't be taken: `code` is a message key after 'error.', `values` what was typed. */
export type FormFailure = { code: string; params: Params; problems: FieldProblem[]; values: Record<string, string> }

const secret = /password|code|token|secret/i

/** Runs a form's verb; one of our errors becomes a failure that keeps what was typed (never secrets). Anything else is a bug and is thrown. */
export async function tryForm<Result>(data: FormData, verb: () => Promise<Result>): Promise<Result | ActionFailure<FormFailure>> {
  try {
    return await verb()
  } catch (problem) {
    if (!isHearthError(problem)) throw problem
    return fail(problem.status, { code: problem.code, params: problem.params, problems: problem.problems, values: typed(data) })
  }
}

/** The text fields of a form, without secrets: to fill the form in again. */
export function typed(data: FormData): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [name, value] of data) if (typeof value === 'string' && !secret.test(name)) values[name] = value
  return values
}

/** One text field: well-formed Unicode, without NUL, trimmed by default. */
export function textOf(data: FormData, name: string, trim = true): string {
  const value = data.get(name)
  if (typeof value !== 'string') return ''
  const clean = value.toWellFormed().replaceAll('\0', '').replaceAll('\r\n', '\n')
  return trim ? clean.trim() : clean
}

/** Loads something for a page: one of our errors becomes the error page with its status. */
export async function orErrorPage<Result>(verb: () => Promise<Result>): Promise<Result> {
  try {
    return await verb()
  } catch (problem) {
    if (!isHearthError(problem)) throw problem
    error(problem.status, problem.code, { code: problem.code, params: problem.params })
  }
}

/** Pages for members only: visitors are sent to log in and come back. */
export function requireViewer(locals: App.Locals, url: URL): Account {
  if (locals.viewer) return locals.viewer
  redirect(303, `/login?next=${encodeURIComponent(url.pathname + url.search)}`)
}

/** A path on this site to go to next; never another host. */
export function safeNext(value: FormDataEntryValue | string | null, fallback = '/'): string {
  if (typeof value !== 'string' || !value.startsWith('/') || value.startsWith('//') || value.includes('\\') || /[\0-\x1f]/.test(value)) return fallback
  return value
}

/** Signs this browser in. `expiresAt` as the session has it. */
export function setSessionCookie(app: HearthApp, cookies: Cookies, token: string, expiresAt: Date): void {
  cookies.set(sessionCookie(app), token, { path: '/', httpOnly: true, sameSite: 'lax', secure: app.config.publicUrl.startsWith('https:'), expires: expiresAt })
}

export function clearSessionCookie(app: HearthApp, cookies: Cookies): void {
  cookies.delete(sessionCookie(app), { path: '/', secure: app.config.publicUrl.startsWith('https:') })
}

/** One text field of a small JSON body; '' for anything else. */
export async function jsonField(request: Request, name: string): Promise<string> {
  const body: unknown = await request.json().catch(() => null)
  const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : ''
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '') : ''
}

/** Answers a script of our own pages: one of our errors becomes JSON that its form can show. */
export async function orJson(verb: () => Promise<Response>): Promise<Response> {
  try {
    return await verb()
  } catch (problem) {
    if (!isHearthError(problem)) throw problem
    return json({ code: problem.code, params: problem.params, problems: problem.problems }, { status: problem.status, headers: { 'cache-control': 'no-store' } })
  }
}
