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
  ;[ada, ben, eva] = [await person(world.app, 'ada', { displayName: 'Ada' }), await person(world.app, 'ben'), await person(world.app, 'eva')]
  ;[asAda, asBen, asEva] = [await api.as(ada), await api.as(ben), await api.as(eva)]
})
afterAll(async () => { await api.close(); await world.close() })

const write = async (client: Client, form: Record<string, string>) => (await client({ path: '/api/v1/statuses', form })).body as unknown as { id: string; url: string; content: string; visibility: string }

test('an app learns what the community is, in both forms, with or without a slash at the end', async () => {
  for (const path of ['/api/v1/instance', '/api/v1/instance/', '/api/v2/instance', '/api/v2/instance/']) {
    const answer = await api.visitor(path)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.json['version']).toMatch(/^\d+\.\d+\.\d+ \(compatible; Hearth/)
  }
  for (const path of ['rules', 'peers', 'activity', 'domain_blocks', 'extended_description', 'privacy_policy', 'translation_languages']) expect((await api.visitor(`/api/v1/instance/${path}`)).status).toBe(200)
})

test('a member writes, a follower reads it at home, answers, likes, boosts and bookmarks it', async () => {
  expect((await asBen({ method: 'POST', path: `/api/v1/accounts/${ada.id}/follow` })).json).toMatchObject({ following: true })
  const post = await write(asAda, { status: 'Bread is out <b>now</b> for @ben #baking', visibility: 'public' })
  expect(post.content).toContain('&lt;b&gt;')
  expect(post.content).toMatch(/class="u-url mention"/)
  const home = (await asBen('/api/v1/timelines/home')).json as unknown as { id: string; favourited: boolean }[]
  expect(home.map((one) => one.id)).toContain(post.id)
  const reply = await write(asBen, { status: 'Coming!', in_reply_to_id: post.id, visibility: 'public' })
  expect((await asAda(`/api/v1/statuses/${post.id}/context`)).json).toMatchObject({ ancestors: [], descendants: [{ id: reply.id, in_reply_to_id: post.id, in_reply_to_account_id: ada.id }] })
  for (const [word, seen] of [['favourite', 'favourited'], ['bookmark', 'bookmarked']] as const) {
    expect((await asBen({ method: 'POST', path: `/api/v1/statuses/${post.id}/${word}` })).json).toMatchObject({ id: post.id, [seen]: true })
    expect((await asBen(`/api/v1/${word}s`)).json).toHaveLength(1)
    expect((await asBen({ method: 'POST', path: `/api/v1/statuses/${post.id}/un${word}` })).json).toMatchObject({ [seen]: false })
  }
  const boost = (await asBen({ method: 'POST', path: `/api/v1/statuses/${post.id}/reblog` })).json as unknown as { id: string; reblog: { id: string; reblogged: boolean } }
  expect(boost).toMatchObject({ reblog: { id: post.id, reblogged: true } })
  expect(boost.id).not.toBe(post.id)
  expect((await asAda(`/api/v1/statuses/${post.id}/reblogged_by`)).json).toMatchObject([{ id: ben.id }])
  expect((await asBen({ method: 'POST', path: `/api/v1/statuses/${post.id}/unreblog` })).json).toMatchObject({ id: post.id, reblogged: false })
  expect((await asEva('/api/v1/timelines/tag/baking')).json).toMatchObject([{ id: post.id }])
  expect((await asEva('/api/v1/timelines/public?local=true')).json).toMatchObject([{ id: post.id }])
})

test('a boost may be for fewer than its post, never for more', async () => {
  const post = await write(asAda, { status: 'for all', visibility: 'public' })
  const boost = (await asBen({ path: `/api/v1/statuses/${post.id}/reblog`, form: { visibility: 'private' } })).json as unknown as { id: string }
  expect(boost).toMatchObject({ visibility: 'private', reblog: { id: post.id, visibility: 'public' } })
  expect((await api.visitor(`/api/v1/statuses/${boost.id}`)).status).toBe(404)
  const few = await write(asAda, { status: 'for members', visibility: 'unlisted' })
  expect((await asBen({ path: `/api/v1/statuses/${few.id}/reblog`, form: { visibility: 'public' } })).json).toMatchObject({ visibility: 'unlisted' })
  for (const visibility of ['direct', 'everyone', '7']) expect((await asEva({ path: `/api/v1/statuses/${post.id}/reblog`, form: { visibility } })).status).toBe(422)
})

test('what is written for few is seen by few, through every address', async () => {
  const secret = await write(asAda, { status: 'for @ben alone', visibility: 'direct' })
  expect(secret.visibility).toBe('direct')
  for (const path of ['', '/context', '/source', '/history', '/favourited_by', '/reblogged_by']) {
    expect((await asEva(`/api/v1/statuses/${secret.id}${path}`)).status).toBe(404)
    expect((await asBen(`/api/v1/statuses/${secret.id}${path}`)).status).toBe(200)
  }
  for (const word of ['favourite', 'reblog', 'bookmark', 'translate']) expect((await asEva({ method: 'POST', path: `/api/v1/statuses/${secret.id}/${word}` })).status).toBe(404)
  expect((await api.visitor(`/api/v1/statuses/${secret.id}`)).status).toBe(404)
  expect((await asEva(`/api/v1/statuses?id[]=${secret.id}`)).json).toEqual([])
})

test('lists page by max_id, since_id and min_id, with links on the public address that keep the other words', async () => {
  const ids: string[] = []
  for (let at = 0; at < 7; at++) ids.unshift((await write(asEva, { status: `number ${at}`, visibility: 'public' })).id)
  const list = async (query: string) => {
    const answer = await api.visitor(`/api/v1/accounts/${eva.id}/statuses?exclude_replies=true&limit=3${query}`)
    return { ids: (answer.json as unknown as { id: string }[]).map((one) => one.id), link: answer.headers.get('link') ?? '' }
  }
  const first = await list('')
  expect(first.ids).toEqual(ids.slice(0, 3))
  expect(first.link).toBe(`<${world.app.config.publicUrl}/api/v1/accounts/${eva.id}/statuses?exclude_replies=true&limit=3&max_id=${ids[2]}>; rel="next", <${world.app.config.publicUrl}/api/v1/accounts/${eva.id}/statuses?exclude_replies=true&limit=3&min_id=${ids[0]}>; rel="prev"`)
  expect((await list(`&max_id=${ids[2]}`)).ids).toEqual(ids.slice(3, 6))
  expect((await list(`&since_id=${ids[5]}`)).ids).toEqual(ids.slice(0, 3))
  expect((await list(`&since_id=${ids[2]}`)).ids).toEqual(ids.slice(0, 2))
  expect((await list(`&min_id=${ids[5]}`)).ids).toEqual(ids.slice(2, 5))
  expect((await list('&max_id=garbage')).ids).toEqual(ids.slice(0, 3))
  expect((await asEva(`/api/v1/timelines/home?limit=1000`)).status).toBe(200)
})

test('the same idempotency key makes one post; JSON, forms and multipart all work', async () => {
  const headers = { 'idempotency-key': 'once' }
  const one = await asAda({ path: '/api/v1/statuses', json: { status: 'only once' }, headers })
  const two = await asAda({ path: '/api/v1/statuses', json: { status: 'only once' }, headers })
  expect(two.json['id']).toBe(one.json['id'])
  const poll = await asAda({ path: '/api/v1/statuses', form: [['status', 'Which?'], ['poll[options][]', 'tea'], ['poll[options][]', 'coffee'], ['poll[expires_in]', '3600'], ['poll[multiple]', '1']] })
  expect(poll.json).toMatchObject({ poll: { multiple: true, options: [{ title: 'tea' }, { title: 'coffee' }], voted: true } })
  const pollId = (poll.json['poll'] as unknown as { id: string }).id
  expect((await asBen({ path: `/api/v1/polls/${pollId}/votes`, form: [['choices[]', '1']] })).json).toMatchObject({ voted: true, own_votes: [1] })
  const data = new FormData()
  data.set('status', 'from a form')
  data.set('spoiler_text', 'careful')
  expect((await asAda({ path: '/api/v1/statuses', data })).json).toMatchObject({ spoiler_text: 'careful', sensitive: true })
})

test('a post is edited, its history kept, deleted, and its words handed back', async () => {
  const post = await write(asAda, { status: 'first wurds' })
  expect((await asAda({ method: 'PUT', path: `/api/v1/statuses/${post.id}`, form: { status: 'first words' } })).json).toMatchObject({ edited_at: expect.any(String) })
  expect((await asAda(`/api/v1/statuses/${post.id}/history`)).json).toHaveLength(2)
  expect((await asAda(`/api/v1/statuses/${post.id}/source`)).json).toMatchObject({ text: 'first words' })
  expect((await asBen({ method: 'DELETE', path: `/api/v1/statuses/${post.id}` })).status).toBe(404)
  expect((await asAda({ method: 'DELETE', path: `/api/v1/statuses/${post.id}` })).json).toMatchObject({ text: 'first words' })
  expect((await asAda(`/api/v1/statuses/${post.id}`)).status).toBe(404)
})

test('nonsense is told so, never a failure of ours', async () => {
  const nonsense = ['garbage', '0', '99999999999999999999', '%00', '-1', '../etc', 'ａ']
  for (const id of nonsense) {
    for (const path of [`/api/v1/statuses/${id}`, `/api/v1/accounts/${id}`, `/api/v1/accounts/${id}/statuses`, `/api/v1/media/${id}`, `/api/v1/polls/${id}`]) {
      const { status } = await asAda(path)
      expect([400, 404], `${path} ${status}`).toContain(status)
    }
  }
  const wrong: [string, unknown][] = [
    ['/api/v1/statuses', { status: { deep: true } }], ['/api/v1/statuses', { visibility: 'everyone', status: 'x' }], ['/api/v1/statuses', {}], ['/api/v1/statuses', { status: 'x', poll: { options: 'one' } }],
    ['/api/v1/statuses', { status: 'x', media_ids: ['nope'] }], ['/api/v1/statuses', [1, 2]], ['/api/v1/reports', { account_id: 'x' }], ['/api/v1/media', {}], [`/api/v1/accounts/${ben.id}/mute`, { duration: 'long' }],
  ]
  for (const [path, json] of wrong) {
    const { status } = await asAda({ path, json })
    expect(status, path + JSON.stringify(json)).toBeGreaterThanOrEqual(400)
    expect(status, path + JSON.stringify(json)).toBeLessThan(500)
  }
  for (const query of ['limit=abc', 'limit=1e400']) expect((await asAda(`/api/v1/timelines/home?${query}`)).status).toBe(422)
  for (const query of ['max_id=garbage', 'min_id=%00', 'since_id=-5']) expect((await asAda(`/api/v1/timelines/home?${query}`)).status).toBe(200)
  expect((await asAda({ path: '/api/v1/statuses', method: 'POST', headers: { 'content-type': 'application/json' }, json: undefined })).status).toBe(422)
  expect((await api.visitor('/api/v1/nothing/here')).status).toBe(404)
})

test('a token does what it was given for, and nothing when it is none', async () => {
  expect((await api.visitor('/api/v1/timelines/home')).status).toBe(401)
  expect((await api.visitor({ path: '/api/v1/timelines/home', headers: { authorization: 'Bearer nonsense' } })).status).toBe(401)
  const reader = await api.as(ada, 'read:statuses')
  expect((await reader('/api/v1/timelines/home')).status).toBe(200)
  const refused = await reader({ path: '/api/v1/statuses', form: { status: 'no' } })
  expect(refused.status).toBe(403)
  expect(refused.headers.get('access-control-allow-origin')).toBe('*')
  expect((await reader('/api/v1/bookmarks')).status).toBe(403)
  const waiting = await api.as(await person(world.app, 'waits', { state: 'pending' }))
  expect((await waiting('/api/v1/timelines/home')).status).toBe(403)
  const allowed = await asAda('/api/v1/timelines/home')
  expect(Number(allowed.headers.get('x-ratelimit-remaining'))).toBeGreaterThan(0)
})

test('a member sees and changes their profile, and what is between them and others', async () => {
  expect((await asAda('/api/v1/accounts/verify_credentials')).json).toMatchObject({ id: ada.id, source: { privacy: 'unlisted' } })
  const changed = await asAda({ method: 'PATCH', path: '/api/v1/accounts/update_credentials', form: [['display_name', 'Ada L.'], ['note', 'I *count*'], ['fields_attributes[0][name]', 'Town'], ['fields_attributes[0][value]', 'Here'], ['source[privacy]', 'private'], ['locked', 'true']] })
  expect(changed.json).toMatchObject({ display_name: 'Ada L.', locked: true, fields: [{ name: 'Town' }], source: { privacy: 'private', note: 'I *count*' } })
  expect((await asEva({ method: 'POST', path: `/api/v1/accounts/${ada.id}/follow` })).json).toMatchObject({ following: false, requested: true })
  expect((await asAda('/api/v1/follow_requests')).json).toMatchObject([{ id: eva.id }])
  expect((await asAda({ method: 'POST', path: `/api/v1/follow_requests/${eva.id}/authorize` })).json).toMatchObject({ followed_by: true })
  expect((await asAda({ method: 'POST', path: `/api/v1/accounts/${eva.id}/mute`, form: { duration: '600' } })).json).toMatchObject({ muting: true, muting_expires_at: expect.any(String) })
  expect((await asAda('/api/v1/mutes')).json).toMatchObject([{ id: eva.id, mute_expires_at: expect.any(String) }])
  expect((await asAda({ method: 'POST', path: `/api/v1/accounts/${eva.id}/unmute` })).json).toMatchObject({ muting: false })
  expect((await asAda({ method: 'POST', path: `/api/v1/accounts/${eva.id}/block` })).json).toMatchObject({ blocking: true })
  expect((await asAda('/api/v1/blocks')).json).toMatchObject([{ id: eva.id }])
  expect((await asAda({ method: 'POST', path: `/api/v1/accounts/${eva.id}/unblock` })).json).toMatchObject({ blocking: false })
  expect((await asAda(`/api/v1/accounts/relationships?id[]=${eva.id}&id[]=${ben.id}`)).json).toHaveLength(2)
  expect((await asAda(`/api/v1/accounts/relationships?id=${ben.id}`)).json).toHaveLength(1)
  expect((await asAda('/api/v1/accounts/lookup?acct=@ben')).json).toMatchObject({ id: ben.id })
  expect((await asAda('/api/v1/accounts/search?q=be')).json).toMatchObject([{ id: ben.id }])
  expect((await asAda('/api/v1/preferences')).json).toMatchObject({ 'posting:default:visibility': expect.any(String) })
})

test('people, posts and tags are found, also by pasting an address of this site', async () => {
  const post = await write(asBen, { status: 'a most unusual marmalade #jam', visibility: 'public' })
  expect((await asEva('/api/v2/search?q=marmalade')).json).toMatchObject({ statuses: [{ id: post.id }] })
  expect((await asEva('/api/v2/search?q=jam&type=hashtags')).json).toMatchObject({ hashtags: [{ name: 'jam' }], accounts: [] })
  expect((await asEva(`/api/v2/search?resolve=true&q=${encodeURIComponent(post.url)}`)).json).toMatchObject({ statuses: [{ id: post.id }] })
  expect((await asEva({ method: 'POST', path: '/api/v1/tags/jam/follow' })).json).toMatchObject({ following: true })
  expect((await asEva('/api/v1/followed_tags')).json).toMatchObject([{ name: 'jam' }])
  expect((await asEva('/api/v1/tags/jam')).json).toMatchObject({ following: true })
  for (const path of ['/api/v1/trends/tags', '/api/v1/trends/statuses', '/api/v1/suggestions', '/api/v2/suggestions', '/api/v1/announcements', '/api/v1/custom_emojis']) expect((await asEva(path)).status).toBe(200)
  const report = await asEva({ path: '/api/v1/reports', form: [['account_id', ben.id], ['status_ids[]', post.id], ['comment', 'too sweet'], ['category', 'spam']] })
  expect(report.json).toMatchObject({ action_taken: false, status_ids: [post.id] })
})
