import { error } from '@sveltejs/kit'
import { avatarSvg } from '#server/domain/accounts/index.ts'
import type { RequestHandler } from './$types.ts'

/** The generated picture of a name. It says nothing about whether the account exists. */
export const GET: RequestHandler = ({ params }) => {
  const name = /^(.{1,60})\.svg$/u.exec(params.file)?.[1]
  if (!name) error(404)
  return new Response(avatarSvg(name), { headers: { 'content-type': 'image/svg+xml', 'cache-control': 'public, max-age=604800', 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'", 'x-content-type-options': 'nosniff' } })
}
