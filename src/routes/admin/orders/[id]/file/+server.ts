import { orderFile } from '#server/domain/orders/index.ts'
import { orErrorPage } from '../../../../forms.server.ts'
import { staffOf } from '../../../staff.server.ts'
import type { RequestHandler } from './$types.ts'

/** What the authority attached: always as a download, whatever it says it is. */
export const GET: RequestHandler = async ({ locals, url, params }) => {
  const viewer = staffOf(locals, url)
  const file = await orErrorPage(() => orderFile(locals.app, viewer, params.id))
  return new Response(new Uint8Array(file.data), { headers: { 'content-type': 'application/octet-stream', 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`, 'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff' } })
}
