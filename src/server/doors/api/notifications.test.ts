import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from '#server/domain/accounts/index.ts'
import { decide, makeReport } from '#server/domain/moderation/index.ts'
import { createPost, editPost, likePost } from '#server/domain/posts/index.ts'
import { follow } from '#server/domain/relationships/index.ts'
import type { Api, Client } from '../../../../tests/api/door.ts'
import { openApi } from '../../../../tests/api/door.ts'
import { person } from '../../../../tests/people.ts'
import { openPushService, signedBy } from '../../../../tests/push-service.ts'
import type { PushService } from '../../../../tests/push-service.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'

type Json = Record<string, unknown>
let world: World
let api: Api
let service: PushService
let ada: Account, ben: Account, eva: Account, mod: Account
let asAda: Client, asBen: Client, asMod: Client
beforeAll(async () => {
  service = await openPushService()
  world = await openWorld({ HEARTH_FETCH_ALLOW: service.host })
  api = await openApi(world)
  ;[ada, ben, eva, mod] = [await person(world.app, 'ada', { displayName: 'Ada' }), await person(world.app, 'ben'), await person(world.app, 'eva'), await person(world.app, 'ines', { role: 'moderator' })]
  ;[asAda, asBen, asMod] = [await api.as(ada), await api.as(ben), await api.as(mod)]
})
afterAll(async () => { service.close(); await api.close(); await world.close() })
const list = async (client: Client, path: string) => { await world.work(); return (await client(path)).json as unknown as Json[] }
const groups = async (client: Client, query = '') => { await world.work(); return (await client(`/api/v2/notifications${query}`)).json as unknown as { accounts: Json[]; partial_accounts?: Json[]; statuses: Json[]; notification_groups: Json[] } }

test('an app lists what happened in its own words, by type, and pages by links', async () => {
  const post = await createPost(world.app, ada, { text: 'Bread', audience: 'public' })
  await likePost(world.app, ben, post.id)
  await likePost(world.app, eva, post.id)
  await createPost(world.app, ben, { text: '@ada hello', audience: 'members', replyToId: post.id })
  await follow(world.app, eva, ada.id)
  expect((await list(asAda, '/api/v1/notifications')).map((one) => one['type']).sort()).toEqual(['favourite', 'favourite', 'follow', 'mention'])
  expect((await list(asAda, '/api/v1/notifications?types[]=favourite&types[]=poll')).map((one) => one['type'])).toEqual(['favourite', 'favourite'])
  expect(await list(asAda, '/api/v1/notifications?exclude_types[]=favourite&exclude_types[]=follow&account_id=' + ben.id)).toMatchObject([{ type: 'mention', account: { id: ben.id }, status: { in_reply_to_id: post.id } }])
  const first = await asAda('/api/v1/notifications?limit=2&types[]=favourite&types[]=mention')
  const [, maxId] = /max_id=(\d+)>; rel="next"/.exec(first.headers.get('link') ?? '') ?? []
  expect(await list(asAda, `/api/v1/notifications?limit=2&types[]=favourite&types[]=mention&max_id=${maxId}`)).toHaveLength(1)
  expect((await asAda('/api/v1/notifications/unread_count')).json).toEqual({ count: 4 })
  expect((await asAda('/api/v2/notifications/unread_count')).json).toEqual({ count: 3 })
  expect((await asBen(`/api/v1/notifications/${(first.json as unknown as Json[])[0]!['id'] as string}`)).status).toBe(404)
  expect((await asAda('/api/v1/notifications?max_id=garbage&limit=no')).status).toBe(422)
})

test('groups bring each account and post once; an app may ask for faces only, for a group, and for who is in it', async () => {
  const full = await groups(asAda)
  const like = full.notification_groups.find((group) => group['type'] === 'favourite')!
  expect(like['notifications_count']).toBe(2)
  expect(full.statuses.map((one) => one['id'])).toContain(like['status_id'])
  expect(full.accounts.map((one) => one['id']).sort()).toEqual([ben.id, eva.id].sort())
  const faces = await groups(asAda, '?expand_accounts=partial_avatars&types[]=favourite')
  expect([faces.accounts.length, faces.partial_accounts?.length]).toEqual([1, 1])
  expect(faces.partial_accounts![0]).not.toHaveProperty('note')
  expect((await groups(asAda, '?grouped_types[]=follow')).notification_groups.filter((group) => group['type'] === 'favourite')).toHaveLength(2)
  const key = like['group_key'] as string
  expect((await asAda(`/api/v2/notifications/${key}`)).json).toMatchObject({ notification_groups: [{ group_key: key }] })
  expect((await asAda(`/api/v2/notifications/${key}/accounts`)).json).toHaveLength(2)
  expect((await asBen(`/api/v2/notifications/${key}`)).status).toBe(404)
  expect((await asAda({ method: 'POST', path: `/api/v2/notifications/${key}/dismiss` })).json).toEqual({})
  expect((await groups(asAda)).notification_groups.map((group) => group['type']).sort()).toEqual(['follow', 'mention'])
})

test('a policy sets strangers aside; their requests are accepted or dismissed', async () => {
  expect((await asAda('/api/v2/notifications/policy')).json).toMatchObject({ for_not_following: 'accept', for_limited_accounts: 'filter', summary: { pending_requests_count: 0 } })
  expect((await asAda({ method: 'PATCH', path: '/api/v2/notifications/policy', json: { for_not_following: 'filter' } })).json).toMatchObject({ for_not_following: 'filter' })
  expect((await asAda({ method: 'PATCH', path: '/api/v2/notifications/policy', json: { for_not_following: 'whatever' } })).status).toBe(422)
  expect((await asAda({ path: '/api/v1/notifications/policy', unchecked: true })).json).toMatchObject({ filter_not_following: true, filter_new_accounts: false })
  const before = (await list(asAda, '/api/v1/notifications')).length
  for (const who of [ben, eva]) await createPost(world.app, who, { text: '@ada psst', audience: 'members' })
  expect(await list(asAda, '/api/v1/notifications')).toHaveLength(before)
  expect(await list(asAda, '/api/v1/notifications?include_filtered=true')).toHaveLength(before + 2)
  const requests = await list(asAda, '/api/v1/notifications/requests')
  expect(requests).toMatchObject([{ notifications_count: '1', last_status: { account: { id: eva.id } } }, { account: { id: ben.id } }])
  const [ofEva, ofBen] = requests.map((one) => one['id'] as string)
  expect((await asAda(`/api/v1/notifications/requests/${ofEva}`)).json).toMatchObject({ id: ofEva })
  expect((await asBen({ method: 'POST', path: `/api/v1/notifications/requests/${ofEva}/accept` })).status).toBe(404)
  expect((await asAda({ method: 'POST', path: `/api/v1/notifications/requests/${ofEva}/accept` })).status).toBe(200)
  expect((await asAda('/api/v1/notifications/requests/merged')).json).toEqual({ merged: true })
  expect((await asAda({ path: '/api/v1/notifications/requests/dismiss', json: { id: [ofBen] } })).status).toBe(200)
  expect(await list(asAda, '/api/v1/notifications')).toHaveLength(before + 1)
  expect(await list(asAda, '/api/v1/notifications/requests')).toEqual([])
})

test('who is quoted hears of it, who quotes hears of an edit; each opens the post that quotes', async () => {
  const [una, vera] = [await person(world.app, 'una'), await person(world.app, 'vera')]
  const [asUna, asVera] = [await api.as(una), await api.as(vera)]
  const quoted = await createPost(world.app, una, { text: 'The ferry runs', audience: 'public' })
  const quoting = await createPost(world.app, vera, { text: 'At last', audience: 'public', quotedId: quoted.id })
  expect(await list(asUna, '/api/v1/notifications?types[]=quote')).toMatchObject([{ type: 'quote', account: { id: vera.id }, status: { id: quoting.id, quote: { state: 'accepted', quoted_status: { id: quoted.id } } } }])
  expect(await groups(asUna)).toMatchObject({ notification_groups: [{ type: 'quote', status_id: quoting.id, group_key: expect.stringMatching(/^ungrouped-/) }] })
  await editPost(world.app, una, quoted.id, { text: 'The ferry is late' })
  expect(await list(asVera, '/api/v1/notifications')).toMatchObject([{ type: 'quoted_update', account: { id: una.id }, status: { id: quoting.id, quote: { quoted_status: { content: '<p>The ferry is late</p>' } } } }])
  expect(await groups(asVera, '?types[]=quoted_update')).toMatchObject({ statuses: [{ id: quoting.id }], notification_groups: [{ type: 'quoted_update', status_id: quoting.id }] })
})

test('an app pages groups by their links, down and up again, and sees each once', async () => {
  const wim = await person(world.app, 'wim')
  const asWim = await api.as(wim)
  const posts = []
  for (let at = 0; at < 5; at++) posts.push(await createPost(world.app, wim, { text: `soup ${at}`, audience: 'public' }))
  // Likes of one post come between those of others.
  for (const who of [ada, ben, eva]) for (const post of posts) await likePost(world.app, who, post.id)
  await world.work()
  type Groups = { notification_groups: { group_key: string; notifications_count: number; page_min_id: string; page_max_id: string }[] }
  const part = async (path: string) => {
    const answer = await asWim(path)
    const link = (rel: string) => { const found = new RegExp(`<([^>]+)>; rel="${rel}"`).exec(answer.headers.get('link') ?? '')?.[1]; return found ? found.slice(world.app.config.publicUrl.length) : null }
    return { groups: (answer.json as unknown as Groups).notification_groups, next: link('next'), prev: link('prev') }
  }
  const down = []
  let last = ''
  for (let at: string | null = '/api/v2/notifications?limit=2'; at;) {
    const { groups: found, next, prev } = await part(at)
    down.push(found.map((group) => group.group_key))
    if (found.length) last = prev!
    at = next
  }
  expect(down.flat()).toHaveLength(5)
  expect(new Set(down.flat())).toHaveLength(5)
  const up = await part(last)
  expect(up.groups.map((group) => group.group_key)).toEqual(down[1])
  expect(up.groups.every((group) => group.notifications_count === 3 && BigInt(group.page_min_id) <= BigInt(group.page_max_id))).toBe(true)
  const newest = await part('/api/v2/notifications?limit=1')
  await likePost(world.app, mod, posts[0]!.id)
  await world.work()
  expect((await part(newest.prev!)).groups).toMatchObject([{ notifications_count: 4 }])
})

test('moderators hear of reports with what they say, members of what was decided about them', async () => {
  const post = await createPost(world.app, ben, { text: 'Buy my watches', audience: 'public' })
  await makeReport(world.app, ada, { accountId: ben.id, postIds: [post.id], category: 'spam', comment: 'again' })
  expect(await list(asMod, '/api/v1/notifications?types[]=admin.report')).toMatchObject([{ type: 'admin.report', report: { category: 'spam', comment: 'again', status_ids: [post.id], target_account: { id: ben.id } } }])
  const report = await world.app.database.queries.selectFrom('reports').select('id').executeTakeFirstOrThrow()
  await decide(world.app, mod, { reportId: report.id }, { act: 'warn', reason: 'No advertising, please', ground: 'law' })
  expect(await list(asBen, '/api/v1/notifications?types[]=moderation_warning')).toMatchObject([{ type: 'moderation_warning', account: { id: ben.id }, moderation_warning: { action: 'none', text: 'No advertising, please' } }])
})

test('an app subscribes to push, changes it, gets messages and unsubscribes', async () => {
  const client = await api.as(eva, 'push read write')
  expect((await client('/api/v1/push/subscription')).status).toBe(404)
  const device = service.device()
  const form: [string, string][] = [['subscription[endpoint]', device.endpoint], ['subscription[keys][p256dh]', device.keys.p256dh], ['subscription[keys][auth]', device.keys.auth], ['subscription[standard]', 'true'], ['data[alerts][mention]', '1'], ['data[policy]', 'all']]
  const made = await client({ path: '/api/v1/push/subscription', form })
  expect(made.json).toMatchObject({ endpoint: device.endpoint, standard: true, alerts: { mention: true, follow: false } })
  await createPost(world.app, ada, { text: '@eva look', audience: 'members' })
  await world.work()
  const message = service.received.at(-1)!
  expect(device.read(message)).toMatchObject({ notification_type: 'mention', title: 'Ada mentioned you' })
  expect(signedBy(message, made.json['server_key'] as unknown as string)).not.toBeNull()
  expect((await client({ method: 'PUT', path: '/api/v1/push/subscription', json: { data: { alerts: { follow: true } } } })).json).toMatchObject({ alerts: { mention: false, follow: true } })
  expect((await client({ path: '/api/v1/push/subscription', json: { subscription: { endpoint: 'http://127.0.0.1:1/', keys: device.keys } } })).status).toBe(422)
  expect((await client({ path: '/api/v1/push/subscription', json: {} })).status).toBe(422)
  expect((await client({ method: 'DELETE', path: '/api/v1/push/subscription' })).json).toEqual({})
  expect((await client('/api/v1/push/subscription')).status).toBe(404)
  expect((await (await api.as(eva, 'read'))('/api/v1/push/subscription')).status).toBe(403)
})
