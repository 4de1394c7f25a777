import { error } from '@sveltejs/kit'
import { statementsOf } from '#server/domain/transparency/index.ts'
import { streamed } from '../../../streamed.server.ts'
import { staffOf } from '../../staff.server.ts'
import type { RequestHandler } from './$types.ts'

/** A year's statements of reasons in the public database's fields, without personal data. */
export const GET: RequestHandler = async ({ locals, url, params }) => {
  const viewer = staffOf(locals, url, 'admin')
  if (!/^20\d\d$/.test(params.year)) error(404, 'notFound', { code: 'notFound' })
  await locals.app.limits.use({ name: 'statements', most: 30, seconds: 3600 }, viewer.id)
  return streamed(await statementsOf(locals.app, viewer, Number(params.year)), 'text/csv; charset=utf-8', `statements-${params.year}.csv`)
}
