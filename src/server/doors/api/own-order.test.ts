import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Api, Client } from '../../../../tests/api/door.ts'
import { openApi } from '../../../../tests/api/door.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'

let world: World
let api: Api
let ada: Account, ben: Account, eva: Account
let asAda: Client, asBen: Client, asEva: Client
beforeAll(async () => {
  world = await openWorld()
  api = await openApi(world)
  ;[ada, ben, eva] = [await person(world.app, 'ada'), await person(world.app, 'ben'), await person(world.app, 'eva')]
  ;[asAda, asBen, asEva] = [await api.as(ada), await api.as(ben), await api.as(eva)]
})
afterAll(async () => { await api.close(); await world.close() })

const write = async (client: Client, form: Record<string, string>) => (await client({ path: '/api/v1/statuses', form })).body as unknown as { id: string }
const of = <Shape>(answer: { json: unknown }) => answer.json as Shape

test('filters are made, changed and removed in both forms; apps see what they found', async () => {
  const made = await asAda({ path: '/api/v2/filters', json: { title: 'Football', context: ['home', 'public'], filter_action: 'hide', expires_in: 3600, keywords_attributes: [{ keyword: 'goal', whole_word: true }] } })
  expect(made.json).toMatchObject({ title: 'Football', filter_action: 'hide', keywords: [{ keyword: 'goal', whole_word: true }], statuses: [] })
  const { id, keywords } = of<{ id: string; keywords: { id: string }[] }>(made)
  const post = await write(asBen, { status: 'what a goal that was', visibility: 'public' })
  const seen = of<{ id: string; filtered: unknown[] }[]>(await asAda('/api/v1/timelines/public')).find((one) => one.id === post.id)
  expect(seen?.filtered).toMatchObject([{ filter: { id, title: 'Football' }, keyword_matches: ['goal'] }])
  expect((await asAda({ path: `/api/v2/filters/${id}/keywords`, form: { keyword: 'offside' } })).status).toBe(200)
  expect((await asAda({ method: 'PUT', path: `/api/v2/filters/keywords/${keywords[0]!.id}`, form: { keyword: 'goals', whole_word: 'false' } })).json).toMatchObject({ keyword: 'goals', whole_word: false })
  expect((await asAda(`/api/v2/filters/keywords/${keywords[0]!.id}`)).json).toMatchObject({ keyword: 'goals' })
  expect((await asAda(`/api/v2/filters/${id}/keywords`)).json).toHaveLength(2)
  const named = of<{ id: string }>(await asAda({ path: `/api/v2/filters/${id}/statuses`, form: { status_id: post.id } }))
  expect((await asAda(`/api/v2/filters/statuses/${named.id}`)).json).toMatchObject({ status_id: post.id })
  expect((await asAda(`/api/v2/filters/${id}/statuses`)).json).toHaveLength(1)
  expect((await asAda({ method: 'DELETE', path: `/api/v2/filters/statuses/${named.id}` })).status).toBe(200)
  expect((await asAda({ method: 'PUT', path: `/api/v2/filters/${id}`, json: { title: 'Sport', context: ['home'], keywords_attributes: [{ id: keywords[0]!.id, _destroy: true }] } })).json).toMatchObject({ title: 'Sport', context: ['home'], keywords: [{ keyword: 'offside' }] })
  expect((await asAda('/api/v1/filters')).json).toMatchObject([{ phrase: 'offside' }])
  const old = of<{ id: string }>(await asAda({ path: '/api/v1/filters', form: [['phrase', 'penalty'], ['context[]', 'home'], ['irreversible', 'true']] }))
  expect((await asAda(`/api/v1/filters/${old.id}`)).json).toMatchObject({ phrase: 'penalty', irreversible: true })
  expect((await asAda({ method: 'PUT', path: `/api/v1/filters/${old.id}`, form: [['phrase', 'penalties'], ['context[]', 'home']] })).json).toMatchObject({ phrase: 'penalties' })
  expect((await asBen(`/api/v2/filters/${id}`)).status).toBe(404)
  expect((await asBen({ method: 'DELETE', path: `/api/v1/filters/${old.id}` })).status).toBe(404)
  expect((await asAda({ method: 'DELETE', path: `/api/v1/filters/${old.id}` })).status).toBe(200)
  expect((await asAda({ method: 'DELETE', path: `/api/v2/filters/keywords/${of<{ keywords: { id: string }[] }>(await asAda(`/api/v2/filters/${id}`)).keywords[0]!.id}` })).status).toBe(200)
  expect((await asAda({ method: 'DELETE', path: `/api/v2/filters/${id}` })).status).toBe(200)
  expect((await asAda('/api/v2/filters')).json).toEqual([])
  expect((await asAda({ path: '/api/v2/filters', json: { title: '', context: ['nowhere'] } })).status).toBe(422)
})

test('lists hold people one follows, and read apart what they write', async () => {
  await asAda({ method: 'POST', path: `/api/v1/accounts/${ben.id}/follow` })
  const { id } = of<{ id: string }>(await asAda({ path: '/api/v1/lists', form: { title: 'Choir', replies_policy: 'none' } }))
  expect((await asAda({ path: `/api/v1/lists/${id}/accounts`, form: [['account_ids[]', ben.id]] })).status).toBe(200)
  expect((await asAda(`/api/v1/lists/${id}/accounts`)).json).toMatchObject([{ id: ben.id }])
  expect((await asAda(`/api/v1/accounts/${ben.id}/lists`)).json).toMatchObject([{ id }])
  const post = await write(asBen, { status: 'we sing on Tuesday', visibility: 'public' })
  expect((await asAda(`/api/v1/timelines/list/${id}`)).json).toMatchObject([{ id: post.id }, {}])
  expect((await asBen(`/api/v1/timelines/list/${id}`)).status).toBe(404)
  expect((await asAda({ method: 'PUT', path: `/api/v1/lists/${id}`, form: { title: 'The choir', exclusive: 'true' } })).json).toMatchObject({ title: 'The choir', exclusive: true, replies_policy: 'none' })
  expect((await asAda(`/api/v1/lists/${id}`)).json).toMatchObject({ title: 'The choir' })
  expect((await asAda({ method: 'DELETE', path: `/api/v1/lists/${id}/accounts?account_ids[]=${ben.id}` })).status).toBe(200)
  expect((await asAda(`/api/v1/lists/${id}/accounts`)).json).toEqual([])
  expect((await asAda({ path: `/api/v1/lists/${id}/accounts`, form: [['account_ids[]', eva.id]] })).status).toBeGreaterThanOrEqual(400)
  expect((await asAda({ method: 'DELETE', path: `/api/v1/lists/${id}` })).status).toBe(200)
  expect((await asAda('/api/v1/lists')).json).toEqual([])
})

test('what is said among named people is a conversation, read and put away', async () => {
  const first = await write(asBen, { status: '@ada shall we meet?', visibility: 'direct' })
  await world.work()
  const [talk] = of<{ id: string; unread: boolean; last_status: { id: string } }[]>(await asAda('/api/v1/conversations'))
  expect(talk).toMatchObject({ unread: true, accounts: [{ id: ben.id }], last_status: { id: first.id } })
  expect((await asAda({ method: 'POST', path: `/api/v1/conversations/${talk!.id}/read` })).json).toMatchObject({ unread: false })
  expect((await asAda('/api/v1/timelines/direct')).json).toMatchObject([{ id: first.id }])
  expect((await asEva('/api/v1/conversations')).json).toEqual([])
  expect((await asEva({ method: 'DELETE', path: `/api/v1/conversations/${talk!.id}` })).status).toBe(404)
  expect((await asAda({ method: 'DELETE', path: `/api/v1/conversations/${talk!.id}` })).status).toBe(200)
  expect((await asAda('/api/v1/conversations')).json).toEqual([])
  expect((await asAda({ method: 'POST', path: `/api/v1/statuses/${first.id}/mute` })).json).toMatchObject({ muted: true })
  expect((await asAda({ method: 'POST', path: `/api/v1/statuses/${first.id}/unmute` })).json).toMatchObject({ muted: false })
})

test('a post is planned, moved, published at its time, or not at all', async () => {
  const later = (minutes: number) => new Date(world.app.now().getTime() + minutes * 60_000).toISOString()
  const planned = await asAda({ path: '/api/v1/statuses', form: { status: 'good morning', scheduled_at: later(30), visibility: 'public' } })
  expect(planned.json).toMatchObject({ scheduled_at: expect.any(String), params: { text: 'good morning', visibility: 'public' } })
  const { id } = of<{ id: string }>(planned)
  expect((await asAda(`/api/v1/scheduled_statuses/${id}`)).json).toMatchObject({ id })
  expect((await asAda({ method: 'PUT', path: `/api/v1/scheduled_statuses/${id}`, form: { scheduled_at: later(60) } })).status).toBe(200)
  expect((await asAda('/api/v1/scheduled_statuses')).json).toHaveLength(1)
  expect((await asBen(`/api/v1/scheduled_statuses/${id}`)).status).toBe(404)
  expect((await asAda({ path: '/api/v1/statuses', form: { status: 'too soon', scheduled_at: later(1) } })).status).toBe(422)
  expect((await asAda({ path: '/api/v1/statuses', form: { status: 'when?', scheduled_at: 'tomorrow-ish' } })).status).toBe(422)
  expect(JSON.stringify((await asAda(`/api/v1/accounts/${ada.id}/statuses`)).json)).not.toContain('good morning')
  expect((await asAda({ method: 'DELETE', path: `/api/v1/scheduled_statuses/${id}` })).status).toBe(200)
  expect((await asAda('/api/v1/scheduled_statuses')).json).toEqual([])
})

test('people and tags are featured and noted; how far one has read is kept', async () => {
  expect((await asAda({ method: 'POST', path: `/api/v1/accounts/${ben.id}/endorse` })).json).toMatchObject({ endorsed: true })
  expect((await asAda('/api/v1/endorsements')).json).toMatchObject([{ id: ben.id }])
  expect((await asEva(`/api/v1/accounts/${ada.id}/endorsements`)).json).toMatchObject([{ id: ben.id }])
  expect((await asAda({ method: 'POST', path: `/api/v1/accounts/${ben.id}/unpin` })).json).toMatchObject({ endorsed: false })
  expect((await asAda({ path: `/api/v1/accounts/${ben.id}/note`, form: { comment: 'sings tenor' } })).json).toMatchObject({ note: 'sings tenor' })
  expect((await asBen(`/api/v1/accounts/relationships?id=${ben.id}`)).status).toBe(200)
  expect((await asAda(`/api/v1/accounts/familiar_followers?id[]=${eva.id}`)).json).toMatchObject([{ id: eva.id, accounts: [] }])
  expect(of<unknown[]>(await api.visitor('/api/v1/directory?order=new')).length).toBeGreaterThan(0)
  await write(asAda, { status: 'bread again #baking', visibility: 'public' })
  const tag = of<{ id: string }>(await asAda({ path: '/api/v1/featured_tags', form: { name: 'baking' } }))
  expect((await api.visitor(`/api/v1/accounts/${ada.id}/featured_tags`)).json).toMatchObject([{ name: 'baking', statuses_count: '1' }])
  expect((await asAda('/api/v1/featured_tags')).json).toHaveLength(1)
  expect((await asAda('/api/v1/featured_tags/suggestions')).status).toBe(200)
  expect((await asAda({ method: 'DELETE', path: `/api/v1/featured_tags/${tag.id}` })).status).toBe(200)
  expect((await asAda({ method: 'POST', path: '/api/v1/tags/baking/feature' })).json).toMatchObject({ featuring: true })
  expect((await asAda({ method: 'POST', path: '/api/v1/tags/baking/unfeature' })).json).toMatchObject({ featuring: false })
  const { id } = await write(asAda, { status: 'mark here' })
  expect((await asAda({ path: '/api/v1/markers', json: { home: { last_read_id: id } } })).json).toMatchObject({ home: { last_read_id: id } })
  expect((await asAda('/api/v1/markers?timeline[]=home&timeline[]=notifications')).json).toMatchObject({ home: { last_read_id: id } })
  expect((await asAda({ path: '/api/v1/markers', json: { home: { last_read_id: 'garbage' } } })).status).toBeLessThan(500)
  expect((await asAda('/api/v1/profile')).json).toMatchObject({ id: ada.id })
  expect((await asAda({ method: 'PATCH', path: '/api/v1/profile', form: { note: 'hello' } })).json).toMatchObject({ note: 'hello' })
})

test('a poll that asks something else begins anew; the same one sent along with an edit stays', async () => {
  const poll = (options: string[], more: object = {}) => ({ options, expires_in: 3600, ...more })
  const { id, poll: made } = of<{ id: string; poll: { id: string } }>(await asAda({ path: '/api/v1/statuses', json: { status: 'Which?', visibility: 'public', poll: poll(['tea', 'coffee']) } }))
  await asBen({ path: `/api/v1/polls/${made.id}/votes`, json: { choices: [1] } })
  const edit = (json: object) => asAda({ method: 'PUT', path: `/api/v1/statuses/${id}`, json })
  expect((await edit({ status: 'Which one?', poll: poll(['tea', 'coffee']) })).json).toMatchObject({ poll: { id: made.id, votes_count: 1 } })
  expect((await edit({ status: 'Which one?', poll: poll(['tea', 'coffee', 'soup'], { multiple: true }), quote_approval_policy: 'nobody' })).json).toMatchObject({ poll: { id: made.id, votes_count: 0, multiple: true, options: [{ title: 'tea' }, { title: 'coffee' }, { title: 'soup' }] }, quote_approval: { automatic: [] } })
  expect((await asBen(`/api/v1/polls/${made.id}`)).json).toMatchObject({ voted: false })
  expect((await asBen({ path: `/api/v1/polls/${made.id}/votes`, json: { choices: [0, 2] } })).json).toMatchObject({ voters_count: 1, own_votes: [0, 2] })
  expect((await edit({ status: 'Which one?', poll: poll(['only one']) })).status).toBe(422)
  const plain = await write(asAda, { status: 'no question yet' })
  expect((await asAda({ method: 'PUT', path: `/api/v1/statuses/${plain.id}`, json: { status: 'a question', poll: poll(['yes', 'no']) } })).json).toMatchObject({ poll: { options: [{ title: 'yes' }, { title: 'no' }] } })
})

test('a post is quoted, seen with what it quotes, counted, and taken out again', async () => {
  const quoted = await write(asAda, { status: 'the bakery opens at six', visibility: 'public' })
  const made = await asBen({ path: '/api/v1/statuses', form: { status: 'at last', quoted_status_id: quoted.id, visibility: 'public' } })
  expect(made.json).toMatchObject({ quote: { state: 'accepted', quoted_status: { id: quoted.id } } })
  const quoting = of<{ id: string }>(made)
  await world.work()
  expect((await asEva(`/api/v1/statuses/${quoted.id}`)).json).toMatchObject({ quotes_count: 1, quote_approval: { automatic: ['public'], current_user: 'automatic' } })
  expect((await asEva(`/api/v1/statuses/${quoted.id}/quotes`)).json).toMatchObject([{ id: quoting.id }])
  expect((await asEva({ method: 'POST', path: `/api/v1/statuses/${quoted.id}/quotes/${quoting.id}/revoke` })).status).toBeGreaterThanOrEqual(403)
  expect((await asAda({ method: 'POST', path: `/api/v1/statuses/${quoted.id}/quotes/${quoting.id}/revoke` })).json).toMatchObject({ id: quoting.id, quote: { state: 'revoked' } })
  expect((await asAda({ method: 'PUT', path: `/api/v1/statuses/${quoted.id}/interaction_policy`, form: { quote_approval_policy: 'nobody' } })).json).toMatchObject({ quote_approval: { automatic: [], manual: [] } })
  expect((await asBen({ path: '/api/v1/statuses', form: { status: 'again', quoted_status_id: quoted.id } })).status).toBeGreaterThanOrEqual(403)
  const own = await write(asAda, { status: 'only for me', visibility: 'direct' })
  expect((await asEva({ path: '/api/v1/statuses', form: { status: 'what?', quoted_status_id: own.id } })).status).toBe(404)
})

test('apps see and say who may answer a post, in the words for who may quote it', async () => {
  const post = of<{ id: string }>(await asAda({ path: '/api/v1/statuses', json: { status: 'only for my people', visibility: 'public', reply_approval_policy: 'following' } }))
  const approval = async (client: Client) => of<{ reply_approval: unknown }>(await client(`/api/v1/statuses/${post.id}`)).reply_approval
  expect(await approval(asAda)).toEqual({ automatic: ['following'], manual: [], current_user: 'automatic' })
  expect(await approval(asEva)).toEqual({ automatic: ['following'], manual: [], current_user: 'denied' })
  const refused = await asEva({ path: '/api/v1/statuses', form: { status: 'and me', in_reply_to_id: post.id } })
  expect([refused.status, refused.body['error']]).toEqual([403, expect.stringContaining('chose who may reply')])
  expect((await asAda({ method: 'PUT', path: `/api/v1/statuses/${post.id}/interaction_policy`, json: { reply_approval_policy: 'public' } })).json).toMatchObject({ reply_approval: { automatic: ['public'] }, quote_approval: { automatic: ['public'] } })
  expect((await asEva({ path: '/api/v1/statuses', form: { status: 'and me', in_reply_to_id: post.id } })).status).toBe(200)
})
