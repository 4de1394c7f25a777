import { ownRecord } from '#server/domain/appeals/index.ts'
import { streamed } from '../../streamed.server.ts'
import { whoReads } from '../member.server.ts'
import type { RequestHandler } from './$types.ts'

/** Everything decided about the member and their reports, as one JSON document. For suspended members, too. */
export const GET: RequestHandler = async ({ locals, url }) => {
  const viewer = whoReads(locals, url)
  await locals.app.limits.use({ name: 'export', most: 5, seconds: 3600 }, viewer.id)
  return streamed(ownRecord(locals.app, viewer), 'application/json; charset=utf-8', 'my-standing.json')
}
