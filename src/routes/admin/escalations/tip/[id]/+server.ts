import { tipFields } from '#server/domain/vault/index.ts'
import { orErrorPage } from '../../../../forms.server.ts'
import { staffOf } from '../../../staff.server.ts'
import type { RequestHandler } from './$types.ts'

/** The fields of a report to a national body, as JSON; words and hashes, no pictures. */
export const GET: RequestHandler = async ({ locals, url, params }) => {
  const viewer = staffOf(locals, url)
  const fields = await orErrorPage(() => tipFields(locals.app, viewer, params.id))
  return new Response(`${JSON.stringify(fields, null, 2)}\n`, { headers: { 'content-type': 'application/json; charset=utf-8', 'content-disposition': `attachment; filename="report-${params.id}.json"`, 'cache-control': 'private, no-store' } })
}
