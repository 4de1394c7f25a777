import { json } from '@sveltejs/kit'
import { beginPasskey } from '#server/domain/sessions/index.ts'
import { notSignedIn } from '#server/platform/errors.ts'
import { jsonField, orJson } from '../../../forms.server.ts'
import type { RequestHandler } from './$types.ts'

/** What the browser asks the device to make. */
export const POST: RequestHandler = ({ request, locals }) => orJson(async () => {
  if (!locals.viewer) throw notSignedIn()
  return json(await beginPasskey(locals.app, locals.viewer, await jsonField(request, 'password')), { headers: { 'cache-control': 'no-store' } })
})
