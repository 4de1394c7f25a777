import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from '#server/domain/accounts/index.ts'
import { addRule } from '#server/domain/instance/index.ts'
import { makeReport } from '#server/domain/moderation/index.ts'
import { createPost } from '#server/domain/posts/index.ts'
import { openApi } from '../../../../tests/api/door.ts'
import type { Api, Client } from '../../../../tests/api/door.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'

let world: World
let api: Api
let [mona, ben, cleo]: Account[] = []
let asMona: Client
let asBen: Client
let ruleId: string

beforeAll(async () => {
  world = await openWorld()
  api = await openApi(world)
  const owner = await person(world.app, 'olga', { role: 'owner' })
  ;[mona, ben, cleo] = [await person(world.app, 'mona', { role: 'moderator' }), await person(world.app, 'ben'), await person(world.app, 'cleo')]
  ruleId = await addRule(world.app, owner, { text: 'Be kind', translations: {} })
  asMona = await api.as(mona, 'read admin:read admin:write')
  asBen = await api.as(ben, 'read admin:read admin:write')
})
afterAll(async () => { await api.close(); await world.close() })

const post = async (client: Client, path: string, json: object = {}) => client({ path, json, method: 'POST' })

test('whoever has no role gets in by no right, and a right of one kind opens no other', async () => {
  const narrow = await api.as(mona!, 'admin:read:reports')
  for (const path of ['/api/v1/admin/accounts', '/api/v2/admin/accounts', '/api/v1/admin/reports', `/api/v1/admin/accounts/${cleo!.id}`, '/api/v1/admin/trends/tags', '/api/v1/admin/trends/links', '/api/v1/admin/ip_blocks']) expect([path, (await asBen(path)).status]).toEqual([path, 403])
  expect((await post(asBen, `/api/v1/admin/accounts/${cleo!.id}/action`, { type: 'suspend', text: 'because', rule_ids: [ruleId] })).status).toBe(403)
  expect([(await narrow('/api/v1/admin/reports')).status, (await narrow('/api/v1/admin/accounts')).status]).toEqual([200, 403])
  expect((await api.visitor('/api/v1/admin/accounts')).status).toBe(401)
})

test('a moderator’s app finds members, lets newcomers in, and decides with a reason and a rule', async () => {
  const waiting = await person(world.app, 'newcomer', { state: 'pending' })
  expect((await asMona('/api/v1/admin/accounts?pending=true')).json).toMatchObject([{ username: 'newcomer', approved: false }])
  expect((await post(asMona, `/api/v1/admin/accounts/${waiting.id}/approve`)).json).toMatchObject({ approved: true })
  const gone = await person(world.app, 'refused', { state: 'pending' })
  expect((await post(asMona, `/api/v1/admin/accounts/${gone.id}/reject`)).json).toMatchObject({ suspended: true })
  expect((await asMona('/api/v2/admin/accounts?username=cle')).json).toMatchObject([{ username: 'cleo', email: '', ip: null, account: { acct: 'cleo' } }])
  expect((await asMona('/api/v2/admin/accounts?permissions=staff')).json).toMatchObject([{ username: 'olga', role: { name: 'Owner' } }, { username: 'mona' }])
  expect((await asMona('/api/v1/admin/accounts?remote=true')).json).toEqual([])
  const act = (body: object) => post(asMona, `/api/v1/admin/accounts/${cleo!.id}/action`, body)
  expect((await act({ type: 'silence' })).status).toBe(422)
  expect((await act({ type: 'silence', text: 'Too loud' })).status).toBe(422)
  expect((await act({ type: 'sensitive', text: 'x', rule_ids: [ruleId] })).status).toBe(422)
  expect((await act({ type: 'silence', text: 'Too loud', rule_ids: [ruleId] })).status).toBe(200)
  expect((await asMona('/api/v1/admin/accounts?silenced=true')).json).toMatchObject([{ username: 'cleo', silenced: true }])
  expect((await post(asMona, `/api/v1/admin/accounts/${cleo!.id}/unsilence`)).json).toMatchObject({ silenced: false })
  expect((await act({ type: 'suspend', text: 'Again', rule_ids: [ruleId] })).status).toBe(200)
  expect((await post(asMona, `/api/v1/admin/accounts/${cleo!.id}/unsuspend`)).json).toMatchObject({ suspended: false })
  expect((await asMona({ path: `/api/v1/admin/accounts/${cleo!.id}`, method: 'DELETE' })).status).toBe(403)
  expect((await post(asMona, `/api/v1/admin/accounts/${mona!.id}/action`, { type: 'suspend', text: 'me', rule_ids: [ruleId] })).status).toBe(403)
})

test('reports are listed without who made them, read with them, taken on, and decided by their rule', async () => {
  const written = await createPost(world.app, ben!, { text: 'unkind words', audience: 'public' })
  const id = await makeReport(world.app, cleo!, { accountId: ben!.id, postIds: [written.id], category: 'rule', ruleId, comment: 'look' })
  const listed = await asMona('/api/v1/admin/reports')
  expect(listed.json).toMatchObject([{ id, action_taken: false, category: 'violation', comment: 'look', account: null, target_account: { username: 'ben' }, statuses: [{ id: written.id }] }])
  expect((await asMona(`/api/v1/admin/reports/${id}`)).json).toMatchObject({ account: { username: 'cleo' }, rules: [{ id: ruleId }] })
  expect((await post(asMona, `/api/v1/admin/reports/${id}/assign_to_self`)).json).toMatchObject({ assigned_account: { username: 'mona' } })
  expect((await post(asMona, `/api/v1/admin/reports/${id}/unassign`)).json).toMatchObject({ assigned_account: null })
  expect((await asMona({ path: `/api/v1/admin/reports/${id}`, method: 'PUT', json: { category: 'spam' } })).status).toBe(422)
  expect((await post(asMona, `/api/v1/admin/accounts/${ben!.id}/action`, { type: 'none', text: 'Please be kind', report_id: id })).status).toBe(200)
  expect((await asMona(`/api/v1/admin/reports/${id}`)).json).toMatchObject({ action_taken: true })
  expect((await asMona('/api/v1/admin/reports')).json).toEqual([])
  expect((await asMona('/api/v1/admin/reports?resolved=true')).json).toMatchObject([{ id }])
  expect((await post(asMona, `/api/v1/admin/reports/${id}/reopen`)).status).toBe(422)
  const second = await makeReport(world.app, cleo!, { accountId: ben!.id, category: 'other', comment: 'hm' })
  expect((await post(asMona, `/api/v1/admin/reports/${second}/resolve`)).json).toMatchObject({ action_taken: true })
})

test('trends are looked after, and lists that mean nothing here are empty and say so', async () => {
  await createPost(world.app, ben!, { text: 'bread #baking', audience: 'public' })
  expect((await post(asMona, '/api/v1/admin/trends/tags/baking/reject')).json).toMatchObject({ trendable: false })
  expect((await asMona('/api/v1/admin/trends/tags')).json).toMatchObject([{ name: 'baking', trendable: false }])
  expect((await asMona('/api/v1/admin/tags/baking')).json).toMatchObject({ trendable: false })
  expect((await asMona({ path: '/api/v1/admin/tags/baking', method: 'PUT', json: { trendable: true } })).json).toMatchObject({ trendable: true })
  const shown = await createPost(world.app, ben!, { text: 'look', audience: 'public' })
  expect((await post(asMona, `/api/v1/admin/trends/statuses/${shown.id}/reject`)).json).toEqual({ id: shown.id, requires_review: false })
  expect((await post(asMona, '/api/v1/admin/trends/links/1/approve')).status).toBe(404)
  for (const name of ['domain_blocks', 'domain_allows', 'email_domain_blocks', 'ip_blocks', 'canonical_email_blocks']) {
    expect((await asMona(`/api/v1/admin/${name}`)).json).toEqual([])
    expect((await post(asMona, `/api/v1/admin/${name}`, { domain: 'a.example' })).status).toBe(422)
    expect((await asMona(`/api/v1/admin/${name}/7`)).status).toBe(404)
  }
  for (const kind of ['measures', 'dimensions', 'retention']) expect((await post(asMona, `/api/v1/admin/${kind}`, { keys: ['new_users'] })).json).toEqual([])
})
