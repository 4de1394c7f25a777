import { json } from '@sveltejs/kit'
import { beginPasskeySignIn } from '#server/domain/sessions/index.ts'
import { jsonField, orJson } from '../../../forms.server.ts'
import type { RequestHandler } from './$types.ts'

/** What the browser asks the device for. */
export const POST: RequestHandler = ({ request, locals, getClientAddress }) => orJson(async () =>
  json(await beginPasskeySignIn(locals.app, (await jsonField(request, 'ticket')) || null, getClientAddress()), { headers: { 'cache-control': 'no-store' } }))
