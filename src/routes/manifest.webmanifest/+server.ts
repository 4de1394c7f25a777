import { json } from '@sveltejs/kit'
import { readSettings } from '#server/domain/instance/index.ts'
import type { RequestHandler } from './$types.ts'

/** Lets members install the community as an app, under its own name and colour. */
export const GET: RequestHandler = async ({ locals }) => {
  const settings = await readSettings(locals.app)
  return json({
    name: settings.name, short_name: settings.name.slice(0, 12), description: settings.description, start_url: '/', id: '/', display: 'standalone',
    background_color: '#f8f5f1', theme_color: settings.accentColour, lang: locals.locale,
    icons: [{ src: settings.logoUrl ?? '/favicon.svg', sizes: 'any', purpose: 'any' }],
    share_target: { action: '/compose', method: 'GET', params: { text: 'text', title: 'text', url: 'text' } },
  }, { headers: { 'content-type': 'application/manifest+json', 'cache-control': 'public, max-age=300' } })
}
