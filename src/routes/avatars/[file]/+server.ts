import { error } from '@sveltejs/kit'
import { avatarSvg } from '#server/domain/accounts/index.ts'
import { drawPng } from '#server/platform/images/drawn.ts'
import type { RequestHandler } from './$types.ts'

/** The generated picture of a name; as PNG for apps that don't draw SVG. It says nothing about whether the account exists. */
export const GET: RequestHandler = async ({ params }) => {
  const [, name, kind] = /^(.{1,60})\.(svg|png)$/u.exec(params.file) ?? []
  if (!name) error(404)
  const headers = { 'cache-control': 'public, max-age=604800', 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'", 'x-content-type-options': 'nosniff' }
  if (kind === 'png') return new Response(new Uint8Array(await drawPng(avatarSvg(name), 320)), { headers: { ...headers, 'content-type': 'image/png' } })
  return new Response(avatarSvg(name), { headers: { ...headers, 'content-type': 'image/svg+xml' } })
}
