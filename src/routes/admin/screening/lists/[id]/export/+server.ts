import { exportList } from '#server/domain/screening/index.ts'
import { orErrorPage } from '../../../../../forms.server.ts'
import { staffOf } from '../../../../staff.server.ts'
import type { RequestHandler } from './$types.ts'

export const GET: RequestHandler = async ({ locals, url, params }) => {
  const viewer = staffOf(locals, url)
  const csv = await orErrorPage(() => exportList(locals.app, viewer, params.id))
  return new Response(csv, { headers: { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="list-${params.id}.csv"`, 'cache-control': 'no-store' } })
}
