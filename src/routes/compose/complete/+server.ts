import { error, json } from '@sveltejs/kit'
import { suggestPeople, suggestTags } from '#server/domain/search/index.ts'
import type { Suggestion } from '#ui/compose/suggest.ts'
import type { RequestHandler } from './$types.ts'

/** What a member may mean while typing @name or #tag: GET ?kind=person|tag&q=… */
export const GET: RequestHandler = async ({ locals, url }) => {
  const { app, viewer } = locals
  if (!viewer) error(401, { message: 'notSignedIn', code: 'notSignedIn' })
  const q = (url.searchParams.get('q') ?? '').slice(0, 60)
  const found: Suggestion[] = url.searchParams.get('kind') === 'tag'
    ? (await suggestTags(app, q)).map((tag) => ({ insert: `#${tag.displayName}`, name: tag.displayName, count: tag.posts }))
    : (await suggestPeople(app, viewer, q)).map((one) => ({ insert: `@${one.username}`, name: one.name, detail: `@${one.username}`, picture: one.avatarUrl }))
  return json(found, { headers: { 'cache-control': 'private, max-age=30' } })
}
