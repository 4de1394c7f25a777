import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'vitest'
import sharp from 'sharp'
import { recomputeTrends } from '../../../src/server/domain/discovery/index.ts'
import { person } from '../../people.ts'
import { setNotificationPolicy } from '../../../src/server/domain/notifications/index.ts'
import type { Cast, Json } from './teller.ts'

const png = async (field = 'file') => { const data = new FormData(); data.set(field, new Blob([Uint8Array.from(await sharp({ create: { width: 64, height: 48, channels: 3, background: '#a37' } }).png().toBuffer())]), 'a.png'); return data }

/** Files before their posts. */
export async function media({ world, tell, asAda }: Cast): Promise<void> {
  const described = await png()
  described.set('description', 'A red square')
  const one = await tell.shows<{ id: string }>('POST /api/v2/media', asAda, { data: described }, { type: 'image', description: 'A red square' })
  await world.work()
  await tell.shows('GET /api/v1/media/{id}', asAda, { at: one.id }, { url: expect.any(String), meta: { original: { width: 64 } } })
  await tell.shows('PUT /api/v1/media/{id}', asAda, { at: one.id, form: { description: 'A crimson square', focus: '0.5,-0.5' } }, { description: 'A crimson square', meta: { focus: { x: 0.5, y: -0.5 } } })
  await tell.shows('POST /api/v1/statuses', asAda, { json: { status: 'look', media_ids: [one.id] } }, { media_attachments: [{ id: one.id, description: 'A crimson square' }] })
  const two = await tell.shows<{ id: string }>('POST /api/v1/media', asAda, { data: await png() }, { type: 'image' })
  await tell.shows('DELETE /api/v1/media/{id}', asAda, { at: two.id }, {})
}

/** A post's whole life, and where it is read. */
export async function posts({ world, api, tell, ada, ben, eva, asAda, asBen, asEva }: Cast): Promise<void> {
  const { visitor } = api
  const write = (client: typeof asAda, form: Record<string, string>, expected: unknown = {}) => tell.shows<{ id: string; url: string }>('POST /api/v1/statuses', client, { form: { visibility: 'public', ...form } }, expected)
  const post = await write(asAda, { status: 'Bread is out, @ben #baking' }, { content: expect.stringContaining('mention'), mentions: [{ id: ben.id }] })
  const answer = await write(asBen, { status: 'Coming!', in_reply_to_id: post.id }, { in_reply_to_id: post.id })
  await tell.shows('GET /api/v1/statuses/{id}', visitor, { at: post.id }, { id: post.id, account: { id: ada.id } })
  await tell.shows('GET /api/v1/statuses', visitor, { query: `id[]=${post.id}&id[]=${answer.id}` }, [{ id: post.id }, { id: answer.id }])
  await tell.shows('GET /api/v1/statuses/{id}/context', asAda, { at: post.id }, { ancestors: [], descendants: [{ id: answer.id }] })
  for (const [press, taken, shown] of [['favourite', 'unfavourite', 'favourited'], ['bookmark', 'unbookmark', 'bookmarked'], ['mute', 'unmute', 'muted']] as const) {
    await tell.shows(`POST /api/v1/statuses/{id}/${press}`, asBen, { at: post.id }, { [shown]: true })
    if (press !== 'mute') await tell.shows(`GET /api/v1/${press}s`, asBen, {}, [{ id: post.id }])
    if (press === 'favourite') await tell.shows('GET /api/v1/statuses/{id}/favourited_by', visitor, { at: post.id }, [{ id: ben.id }])
    await tell.shows(`POST /api/v1/statuses/{id}/${taken}`, asBen, { at: post.id }, { [shown]: false })
  }
  await tell.shows('POST /api/v1/statuses/{id}/pin', asAda, { at: post.id }, { pinned: true })
  await tell.shows('GET /api/v1/accounts/{id}/statuses', visitor, { at: ada.id, query: 'pinned=true' }, [{ id: post.id }])
  await tell.shows('POST /api/v1/statuses/{id}/unpin', asAda, { at: post.id }, { pinned: false })
  await tell.shows('POST /api/v1/statuses/{id}/reblog', asBen, { at: post.id }, { reblog: { id: post.id, reblogged: true } })
  await tell.shows('GET /api/v1/statuses/{id}/reblogged_by', visitor, { at: post.id }, [{ id: ben.id }])
  await tell.shows('POST /api/v1/statuses/{id}/unreblog', asBen, { at: post.id }, { id: post.id, reblogged: false })
  const quoting = await write(asBen, { status: 'at last', quoted_status_id: post.id }, { quote: { state: 'accepted', quoted_status: { id: post.id } } })
  await tell.shows('GET /api/v1/statuses/{id}/quotes', asEva, { at: post.id }, [{ id: quoting.id }])
  await tell.shows('POST /api/v1/statuses/{id}/quotes/{quoting_status_id}/revoke', asAda, { at: [post.id, quoting.id] }, { id: quoting.id, quote: { state: 'revoked' } })
  await tell.shows('PUT /api/v1/statuses/{id}/interaction_policy', asAda, { at: post.id, form: { quote_approval_policy: 'nobody' } }, { quote_approval: { automatic: [], manual: [] } })
  await tell.shows('PUT /api/v1/statuses/{id}', asAda, { at: post.id, form: { status: 'Bread is out again, @ben #baking' } }, { edited_at: expect.any(String) })
  await tell.shows('GET /api/v1/statuses/{id}/history', asBen, { at: post.id }, [{ account: { id: ada.id } }, { content: expect.stringContaining('again') }])
  await tell.shows('GET /api/v1/statuses/{id}/source', asAda, { at: post.id }, { text: 'Bread is out again, @ben #baking' })
  await tell.refused('POST /api/v1/statuses/{id}/translate', asBen, { at: post.id }, 404)

  await tell.shows('GET /api/v1/timelines/home', asBen, {}, expect.arrayContaining([expect.objectContaining({ id: post.id })]))
  await tell.shows('GET /api/v1/timelines/public', visitor, { query: 'local=true' }, expect.arrayContaining([expect.objectContaining({ id: post.id })]))
  await tell.shows('GET /api/v1/timelines/tag/{hashtag}', visitor, { at: 'baking' }, [{ id: post.id }])
  await tell.shows('GET /api/v2/search', asBen, { query: 'q=bread' }, { statuses: [{ id: post.id }] })
  for (const client of [asBen, asEva]) await client({ method: 'POST', path: `/api/v1/statuses/${post.id}/favourite` })
  for (const name of ['gus', 'hana', 'ivo']) {
    const client = await api.as(await person(world.app, name))
    await client({ method: 'POST', path: `/api/v1/statuses/${post.id}/favourite` })
    await write(client, { status: 'me too #baking' })
  }
  await world.work()
  await recomputeTrends(world.app)
  await tell.shows('GET /api/v1/trends/tags', visitor, {}, expect.arrayContaining([expect.objectContaining({ name: 'baking' })]))
  await tell.shows('GET /api/v1/trends/statuses', visitor, {}, expect.arrayContaining([expect.objectContaining({ id: post.id })]))

  await tell.shows('GET /api/oembed', visitor, { query: `url=${encodeURIComponent(post.url)}` }, { type: 'rich', author_name: expect.stringContaining('Ada'), html: expect.stringContaining('Bread is out') })
  const pages = createServer((_request, response) => { response.writeHead(200, { 'content-type': 'text/html' }).end('<title>The bakery</title>') })
  await new Promise<void>((done) => { pages.listen(0, '127.0.0.1', done) })
  const host = `127.0.0.1:${(pages.address() as AddressInfo).port}`
  world.app.config.fetchAllow.push(host)
  const sharing = [await write(asAda, { status: `Look: http://${host}/bakery` }), await write(asBen, { status: `http://${host}/bakery, yes` })]
  await world.work()
  pages.close()
  await tell.shows('GET /api/v1/trends/links', visitor, {}, [{ title: 'The bakery', url: `http://${host}/bakery`, history: expect.any(Array) }])
  await tell.shows('GET /api/v1/timelines/link', visitor, { query: `url=http://${host}/bakery` }, sharing.toReversed().map(({ id }) => ({ id, card: { title: 'The bakery' } })))

  const { poll } = await tell.shows<{ poll: { id: string } }>('POST /api/v1/statuses', asAda, { json: { status: 'Which?', poll: { options: ['tea', 'coffee'], expires_in: 3600 } } }, { poll: { options: [{ title: 'tea' }, { title: 'coffee' }] } })
  await tell.shows('GET /api/v1/polls/{id}', asBen, { at: poll.id }, { voted: false })
  await tell.shows('POST /api/v1/polls/{id}/votes', asBen, { at: poll.id, form: [['choices[]', '1']] }, { voted: true, own_votes: [1] })

  const at = (minutes: number) => new Date(world.app.now().getTime() + minutes * 60_000).toISOString()
  const planned = await tell.shows<{ id: string }>('POST /api/v1/statuses', asAda, { json: { status: 'good morning', scheduled_at: at(30) } }, { params: { text: 'good morning' } })
  await tell.shows('GET /api/v1/scheduled_statuses', asAda, {}, [{ id: planned.id }])
  await tell.shows('GET /api/v1/scheduled_statuses/{id}', asAda, { at: planned.id }, { id: planned.id })
  await tell.shows('PUT /api/v1/scheduled_statuses/{id}', asAda, { at: planned.id, form: { scheduled_at: at(60) } }, { id: planned.id })
  await tell.shows('DELETE /api/v1/scheduled_statuses/{id}', asAda, { at: planned.id }, {})

  await write(asBen, { status: '@ada shall we meet?', visibility: 'direct' }, { visibility: 'direct' })
  await world.work()
  await tell.shows('GET /api/v1/timelines/direct', asAda, {}, [{ visibility: 'direct' }])
  const [talk] = await tell.shows<{ id: string }[]>('GET /api/v1/conversations', asAda, {}, [{ unread: true, accounts: [{ id: ben.id }] }])
  await tell.shows('POST /api/v1/conversations/{id}/read', asAda, { at: talk!.id }, { unread: false })
  await tell.shows('DELETE /api/v1/conversations/{id}', asAda, { at: talk!.id }, {})
  await tell.shows('DELETE /api/v1/statuses/{id}', asAda, { at: post.id }, { id: post.id, text: 'Bread is out again, @ben #baking' })
  expect((await asEva(`/api/v1/statuses/${post.id}`)).status).toBe(404)
  expect(eva.state).toBe('active')
}

/** What members are told, here and on their devices. */
export async function told({ world, tell, service, api, ada, ben, eva, asAda, asBen, asEva }: Cast): Promise<void> {
  const of = async (client: typeof asAda, form: Record<string, string>) => (await client({ path: '/api/v1/statuses', form: { visibility: 'public', ...form } })).json as unknown as { id: string }
  await asAda({ method: 'POST', path: '/api/v1/notifications/clear' })
  const post = await of(asAda, { status: 'soup' })
  for (const client of [asBen, asEva]) await client({ method: 'POST', path: `/api/v1/statuses/${post.id}/favourite` })
  await of(asBen, { status: '@ada lovely', in_reply_to_id: post.id })
  await world.work()
  const [newest] = await tell.shows<{ id: string }[]>('GET /api/v1/notifications', asAda, {}, [{ type: 'mention', account: { id: ben.id } }, { type: 'favourite' }, { type: 'favourite' }])
  await tell.shows('GET /api/v1/notifications/{id}', asAda, { at: newest!.id }, { type: 'mention', status: { in_reply_to_id: post.id } })
  await tell.shows('GET /api/v1/notifications/unread_count', asAda, {}, { count: 3 })
  await tell.shows('GET /api/v2/notifications/unread_count', asAda, {}, { count: 2 })
  const { notification_groups: groups } = await tell.shows<{ notification_groups: { group_key: string }[] }>('GET /api/v2/notifications', asAda, {}, { accounts: expect.any(Array), notification_groups: [{ type: 'mention' }, { type: 'favourite', notifications_count: 2 }] })
  const key = groups[1]!.group_key
  await tell.shows('GET /api/v2/notifications/{group_key}', asAda, { at: key }, { notification_groups: [{ group_key: key }] })
  await tell.shows('GET /api/v2/notifications/{group_key}/accounts', asAda, { at: key }, [{ id: eva.id }, { id: ben.id }])
  await tell.shows('POST /api/v2/notifications/{group_key}/dismiss', asAda, { at: key }, {})
  await tell.shows('POST /api/v1/notifications/{id}/dismiss', asAda, { at: newest!.id }, {})
  await tell.shows('POST /api/v1/notifications/clear', asAda, {}, {})

  await tell.shows('PATCH /api/v2/notifications/policy', asEva, { json: { for_not_following: 'filter' } }, { for_not_following: 'filter' })
  await tell.shows('GET /api/v2/notifications/policy', asEva, {}, { for_not_following: 'filter', summary: { pending_requests_count: 0 } })
  const askAgain = async () => { for (const client of [asAda, asBen]) await of(client, { status: '@eva psst' }); await world.work() }
  await askAgain()
  const requests = await tell.shows<{ id: string }[]>('GET /api/v1/notifications/requests', asEva, {}, [{ account: { id: ben.id } }, { account: { id: ada.id } }])
  await tell.shows('GET /api/v1/notifications/requests/{id}', asEva, { at: requests[0]!.id }, { notifications_count: '1', last_status: { account: { id: ben.id } } })
  await tell.shows('POST /api/v1/notifications/requests/{id}/accept', asEva, { at: requests[0]!.id }, {})
  await tell.shows('GET /api/v1/notifications/requests/merged', asEva, {}, { merged: true })
  await tell.shows('POST /api/v1/notifications/requests/{id}/dismiss', asEva, { at: requests[1]!.id }, {})
  await askAgain()
  const [left] = (await asEva('/api/v1/notifications/requests')).json as unknown as { id: string }[]
  await tell.shows('POST /api/v1/notifications/requests/dismiss', asEva, { json: { id: [left!.id] } }, {})
  await of(asAda, { status: '@eva psst again' })
  await world.work()
  const [last] = (await asEva('/api/v1/notifications/requests')).json as unknown as { id: string }[]
  await tell.shows('POST /api/v1/notifications/requests/accept', asEva, { form: [['id[]', last!.id]] }, {})
  await setNotificationPolicy(world.app, eva, { notFollowing: 'accept' })

  const phone = await api.as(ada, 'push read write')
  const device = service.device()
  await tell.shows('POST /api/v1/push/subscription', phone, { json: { subscription: { endpoint: device.endpoint, keys: device.keys, standard: true }, data: { alerts: { mention: true } } } }, { endpoint: device.endpoint, alerts: { mention: true } })
  await tell.shows('GET /api/v1/push/subscription', phone, {}, { endpoint: device.endpoint })
  await tell.shows('PUT /api/v1/push/subscription', phone, { json: { data: { alerts: { follow: true } } } }, { alerts: { follow: true, mention: false } })
  await tell.shows<Json>('DELETE /api/v1/push/subscription', phone, {}, {})
}
