import { operations } from '#server/api-reference.ts'
import type { PageServerLoad } from './$types.ts'

/** The reference of the API, made from its routes. Public: who writes an app need not be a member. */
export const load: PageServerLoad = ({ locals, url }) => {
  const q = (url.searchParams.get('q') ?? '').slice(0, 100)
  const wanted = q.toLowerCase().trim()
  const found = operations().filter((one) => !wanted || `${one.method} ${one.path} ${one.summary} ${one.scope ?? ''}`.toLowerCase().includes(wanted))
  return { q, origin: locals.app.config.publicUrl, count: found.length, groups: [...Map.groupBy(found, (one) => one.group)].map(([name, list]) => ({ name, list })) }
}
