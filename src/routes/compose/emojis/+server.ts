import { error, json } from '@sveltejs/kit'
import { customEmojis } from '#server/domain/emojis/index.ts'
import type { RequestHandler } from './$types.ts'

/** The community's own emoji, for the picker and for completion. */
export const GET: RequestHandler = async ({ locals }) => {
  if (!locals.viewer) error(401, 'notSignedIn', { code: 'notSignedIn' })
  const list = await customEmojis(locals.app)
  return json(list.map(({ shortcode, category, url }) => ({ shortcode, category, url })), { headers: { 'cache-control': 'private, max-age=60' } })
}
