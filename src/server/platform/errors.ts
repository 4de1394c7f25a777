/**
 * The errors that mean something to whoever asked. Recognised by `code`, never by `instanceof`:
 * a development server may hold a second copy of this module.
 */
export type ErrorKind = 'invalid' | 'notSignedIn' | 'notAllowed' | 'notFound' | 'conflict' | 'tooMany' | 'tooLarge' | 'unavailable' | 'withheld' | 'full'

const statusOf: Record<ErrorKind, number> = {
  invalid: 422, notSignedIn: 401, notAllowed: 403, notFound: 404, conflict: 409, tooMany: 429, tooLarge: 413, unavailable: 503, withheld: 451, full: 507,
}

export type Params = Record<string, string | number>

/** One thing wrong with one field of a form: `message` is a key of the message catalogue. */
export type FieldProblem = { field: string; message: string; params?: Params }

export type HearthError = Error & {
  /** marks the errors of this file, across copies of the module */
  hearth: true
  kind: ErrorKind
  /** HTTP status */
  status: number
  /** stable, and at the same time the key of the sentence in the message catalogue (`error.CODE`) */
  code: string
  params: Params
  problems: FieldProblem[]
  /** seconds after which asking again makes sense */
  retryAfter?: number
}

function make(kind: ErrorKind, code: string, more: { params?: Params; problems?: FieldProblem[]; retryAfter?: number } = {}): HearthError {
  const error = new Error(code) as HearthError
  error.name = 'HearthError'
  return Object.assign(error, { hearth: true as const, kind, status: statusOf[kind], code, params: more.params ?? {}, problems: more.problems ?? [], retryAfter: more.retryAfter })
}

/** The input can't be taken; `problems` names each field with its message key. */
export const invalid = (code: string, params?: Params, problems?: FieldProblem[]) => make('invalid', code, { params, problems })
/** Several fields of a form are wrong. */
export const invalidForm = (problems: FieldProblem[]) => make('invalid', 'form', { problems })
export const notSignedIn = () => make('notSignedIn', 'notSignedIn')
export const notAllowed = (code = 'notAllowed', params?: Params) => make('notAllowed', code, { params })
/** Missing and hidden are the same answer. */
export const notFound = (code = 'notFound') => make('notFound', code)
export const conflict = (code: string, params?: Params) => make('conflict', code, { params })
export const tooMany = (retryAfter: number, code = 'tooMany') => make('tooMany', code, { retryAfter, params: { seconds: retryAfter } })
export const tooLarge = (code: string, params?: Params) => make('tooLarge', code, { params })
/** It is there, but the law of the country from which is read wants it unseen (RFC 7725). */
export const withheldHere = (params: Params) => make('withheld', 'withheldHere', { params })
export const unavailable = (code: string, retryAfter = 5) => make('unavailable', code, { retryAfter })

/** There is no room left on a disk: reading goes on. */
export const diskFull = () => make('full', 'diskFull', { retryAfter: 60 })

/** Is this one of ours (rather than a bug)? */
export function isHearthError(error: unknown): error is HearthError {
  return typeof error === 'object' && error !== null && (error as { hearth?: unknown }).hearth === true
}
