import { Readable } from 'node:stream'
import { takePackage } from '#server/domain/vault/index.ts'
import { orErrorPage } from '../../../../forms.server.ts'
import { staffOf } from '../../../staff.server.ts'
import type { RequestHandler } from './$types.ts'

/** An evidence package, for who asked and was agreed with; streamed. Each time is on record. */
export const GET: RequestHandler = async ({ locals, url, params }) => {
  const viewer = staffOf(locals, url)
  const { name, stream } = await orErrorPage(() => takePackage(locals.app, viewer, params.id))
  return new Response(Readable.toWeb(stream) as unknown as ReadableStream, { headers: { 'content-type': 'application/zip', 'content-disposition': `attachment; filename="${name}"`, 'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff' } })
}
