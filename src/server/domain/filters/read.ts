import { invalidForm } from '#server/platform/errors.ts'
import type { FieldProblem } from '#server/platform/errors.ts'
import { fold } from '#server/platform/text/fold.ts'
import type { FilterAction, FilterContext } from './types.ts'

const contexts: readonly FilterContext[] = ['home', 'notifications', 'public', 'thread', 'account']
const actions: readonly FilterAction[] = ['warn', 'hide', 'blur']
const most = { characters: 100, title: 100 }
const longest = 10 * 366 * 86_400

export type Parts = { title?: string; contexts?: string[]; action?: string; seconds?: number | null }
export type ReadParts = { title?: string; contexts?: FilterContext[]; action?: FilterAction; expires_at?: Date | null }

/** Checks the parts that are given; problems name `title`, `contexts` and `action`. */
export function readParts(given: Parts, now: Date): ReadParts {
  const problems: FieldProblem[] = []
  const read: ReadParts = {}
  if (given.title !== undefined) {
    read.title = oneLine(given.title)
    if (!read.title) problems.push({ field: 'title', message: 'error.empty' })
    if ([...read.title].length > most.title) problems.push({ field: 'title', message: 'error.textTooLong', params: { most: most.title } })
  }
  if (given.contexts !== undefined) {
    read.contexts = contexts.filter((context) => given.contexts?.includes(context))
    if (read.contexts.length === 0 || given.contexts.some((one) => !contexts.some((known) => known === one))) problems.push({ field: 'contexts', message: 'error.choose' })
  }
  if (given.action !== undefined) {
    read.action = actions.find((action) => action === given.action)
    if (!read.action) problems.push({ field: 'action', message: 'error.choose' })
  }
  if (given.seconds !== undefined) read.expires_at = given.seconds !== null && given.seconds > 0 ? new Date(now.getTime() + Math.min(given.seconds, longest) * 1000) : null
  if (problems.length) throw invalidForm(problems)
  return read
}

/** A word, phrase or #tag as it is kept. Problems name `keyword`. */
export function readKeyword(given: string): string {
  const keyword = oneLine(given)
  if (!fold(keyword)) throw invalidForm([{ field: 'keyword', message: 'error.empty' }])
  if ([...keyword].length > most.characters) throw invalidForm([{ field: 'keyword', message: 'error.textTooLong', params: { most: most.characters } }])
  return keyword
}

const oneLine = (text: string) => text.toWellFormed().replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim().replace(/\s+/g, ' ')
