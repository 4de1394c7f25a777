import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../../src/server/doors/api/routes/index.ts'
import { createAccessToken } from '../../src/server/domain/apps/index.ts'
import { publishAnnouncement } from '../../src/server/domain/instance/index.ts'
import { person } from '../people.ts'
import { openPushService } from '../push-service.ts'
import { openWorld } from '../world.ts'
import { checkAnswer, openApi, publishedOperations } from './door.ts'
import { oddities } from './every/nonsense.ts'
import type { Odd } from './every/nonsense.ts'
import { arranged, people } from './every/people.ts'
import { absent, apps, place } from './every/place.ts'
import { media, posts, told } from './every/posts.ts'
import { streams } from './every/streams.ts'
import { plain, teller } from './every/teller.ts'
import type { Cast } from './every/teller.ts'

/** Published operations that are called elsewhere, and where. */
const elsewhere: Record<string, string> = {
  'GET /oauth/authorize': 'a page: tests/journeys and tests/clients press its buttons',
}

let cast: Cast
beforeAll(async () => {
  const service = await openPushService()
  const world = await openWorld({ HEARTH_FETCH_ALLOW: service.host })
  const api = await openApi(world)
  const [ada, ben, eva, finn, mara] = [await person(world.app, 'ada'), await person(world.app, 'ben'), await person(world.app, 'eva'), await person(world.app, 'finn', { locked: true }), await person(world.app, 'mara', { role: 'owner' })]
  const [asAda, asBen, asEva, asFinn] = [await api.as(ada, 'read write follow push profile'), await api.as(ben), await api.as(eva), await api.as(finn)]
  cast = { world, api, service, tell: teller(), ada, ben, eva, finn, mara, asAda, asBen, asEva, asFinn }
})
afterAll(async () => { cast.service.close(); await cast.api.close(); await cast.world.close() })

test('the place, its apps, its people, their files, posts, notifications and streams: each operation is called and does its work', async () => {
  for (const chapter of [place, apps, people, arranged, media, posts, told, streams, absent]) await chapter(cast)
  const operations = publishedOperations().length ? publishedOperations() : routes.map((one) => `${one.method} ${one.path}`)
  const { done } = cast.tell
  const of = (kind: string) => operations.filter((one) => done.get(plain(one)) === kind)
  const left = operations.filter((one) => !done.has(plain(one)))
  const reason = (one: string) => elsewhere[one] ?? (publishedOperations().length ? undefined : 'not a published operation')
  console.log([
    `${done.size} operations called; of ${operations.length} published ones ${of('content').length} with content, ${of('empty').length} with the empty answer that belongs here, ${of('refused').length} refused in words (docs/client-api.md says why)`,
    ...of('empty').map((one) => `  empty    ${one}`), ...of('refused').map((one) => `  refused  ${one}`), ...left.map((one) => `  uncalled ${one}: ${reason(one) ?? '?'}`),
  ].join('\n'))
  expect(left.filter((one) => !reason(one))).toEqual([])
  expect(Object.keys(elsewhere).filter((one) => done.has(plain(one))), 'called after all: take it off the list').toEqual([])
})

test('no token, the wrong right, ids that nobody has and values of the wrong kind are told in words, never a failure of ours', async () => {
  const { world, api, ada } = cast
  const tokens = {
    nobody: null, member: (await createAccessToken(world.app, ada, 'read write follow push profile admin:read admin:write')).accessToken,
    narrow: (await createAccessToken(world.app, ada, 'push')).accessToken, reading: (await createAccessToken(world.app, ada, 'read:search')).accessToken,
  }
  const real = await things(cast)
  const all = routes.flatMap((route) => oddities(route, real).map((odd): [Odd, string | null] => [odd, odd.as === 'narrow' && route.scope === 'push' ? tokens.reading : tokens[odd.as]]))
  const wrong: string[] = []
  const ask = async ([odd, token]: [Odd, string | null]) => {
    const headers = { ...token ? { authorization: `Bearer ${token}` } : {}, ...odd.type ? { 'content-type': odd.type } : {} }
    const response = await fetch(api.url + odd.path, { method: odd.method, headers, body: odd.body, signal: AbortSignal.timeout(60_000) })
    const text = await response.text()
    const { status } = response
    const right = odd.right === 'anything' ? status < 500 : odd.right === 'refused' ? status >= 400 && status < 500 : status === odd.right
    const unsaid = status < 400 ? '' : unlike(() => checkAnswer(odd.method, odd.path.split('?')[0]!, status, JSON.parse(text)))
    if (!right || unsaid) wrong.push(`${odd.method} ${odd.path.slice(0, 120)} (${odd.what}): ${status} ${text.slice(0, 120)} ${unsaid}`)
  }
  const waiting = [...all]
  await Promise.all(Array.from({ length: 8 }, async () => { for (let next = waiting.pop(); next; next = waiting.pop()) await ask(next) }))
  console.log(`${all.length} odd requests to ${routes.length} routes`)
  expect(wrong.slice(0, 60)).toEqual([])
}, 240_000)

/** Paths with the ids of ada's own things in them. */
async function things({ asAda, asBen, ben, world, mara }: Cast): Promise<(path: string) => string> {
  const made = async (client: typeof asAda, path: string, json: unknown) => (await client({ path, json })).json as unknown as { id: string; poll?: { id: string }; keywords?: { id: string }[] }
  const post = await made(asAda, '/api/v1/statuses', { status: 'Which?', visibility: 'public', poll: { options: ['tea', 'coffee'], expires_in: 3600 } })
  const filter = await made(asAda, '/api/v2/filters', { title: 'Odd', context: ['home'], keywords_attributes: [{ keyword: 'odd' }] })
  const named = await made(asAda, `/api/v2/filters/${filter.id}/statuses`, { status_id: post.id })
  const list = await made(asAda, '/api/v1/lists', { title: 'Odd' })
  const planned = await made(asAda, '/api/v1/statuses', { status: 'later', scheduled_at: new Date(world.app.now().getTime() + 3_600_000).toISOString() })
  const data = new FormData()
  data.set('file', new Blob([Uint8Array.from(await sharp({ create: { width: 8, height: 8, channels: 3, background: '#a37' } }).png().toBuffer())]), 'a.png')
  const media = (await asAda({ path: '/api/v2/media', data })).json as unknown as { id: string }
  await asBen({ path: '/api/v1/statuses', json: { status: '@ada hm?', visibility: 'direct' } })
  await world.work()
  const [talk] = (await asAda('/api/v1/conversations')).json as unknown as { id: string }[]
  const announcement = await publishAnnouncement(world.app, mara, { text: 'Odd things happen' })
  const ids: [RegExp, string][] = [
    [/\/filters\/keywords\/|v1\/filters\//, filter.keywords![0]!.id], [/\/filters\/statuses\//, named.id], [/\/filters\//, filter.id], [/\/scheduled_statuses\//, planned.id], [/\/statuses\//, post.id], [/\/polls\//, post.poll!.id],
    [/\/lists?\//, list.id], [/\/media\//, media.id], [/\/conversations\//, talk!.id], [/\/announcements\//, announcement], [/\/accounts\/|suggestions|follow_requests/, ben.id],
  ]
  return (path) => path.replace(/:(name|hashtag)/, 'bread').replace(/:[a-z_]+/g, ids.find(([pattern]) => pattern.test(path))?.[1] ?? '1')
}

function unlike(check: () => void): string {
  try { check(); return '' } catch (error) { return String(error) }
}
