import { following } from '#server/domain/relationships/index.ts'
import { askOf } from '../../ask.server.ts'
import { profileOf } from '../profile.server.ts'
import type { PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { account } = await profileOf(locals, params.username, url)
  return { account, people: await following(locals.app, locals.viewer, account.id, askOf(url, 40)) }
}
