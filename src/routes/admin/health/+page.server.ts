import { seeHealth } from '#server/domain/operations/index.ts'
import type { Range } from '#server/domain/operations/index.ts'
import { staffOf } from '../staff.server.ts'
import type { PageServerLoad } from './$types.ts'

const ranges: Range[] = ['hour', 'day', 'week']

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = staffOf(locals, url, 'admin')
  const range = ranges.find((one) => one === url.searchParams.get('range')) ?? 'day'
  return { health: await seeHealth(locals.app, viewer, range), isOwner: viewer.role === 'owner' }
}
