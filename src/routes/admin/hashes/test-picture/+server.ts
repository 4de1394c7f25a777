import { testPicture } from '#server/domain/hashes/index.ts'
import { staffOf } from '../../staff.server.ts'
import type { RequestHandler } from './$types.ts'

/** The harmless picture of the self-test, to post and see what happens. */
export const GET: RequestHandler = async ({ locals, url }) => {
  staffOf(locals, url, 'admin')
  return new Response(new Uint8Array(await testPicture()), { headers: { 'content-type': 'image/png', 'content-disposition': 'attachment; filename="filter-test.png"', 'cache-control': 'no-store' } })
}
