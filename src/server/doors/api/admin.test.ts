import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from '#server/domain/accounts/index.ts'
import { makeOwnToken, readAsk } from '#server/domain/apps/index.ts'
import { addRule } from '#server/domain/instance/index.ts'
import { addMacro, macros } from '#server/domain/desk/index.ts'
import { decisionsAboutMe, makeReport } from '#server/domain/moderation/index.ts'
import { createPost, likePost } from '#server/domain/posts/index.ts'
import { routes } from './routes/index.ts'
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

test('rights over others are only given by those who have them, neither by consent nor to a script', async () => {
  const { client_id } = (await api.visitor({ path: '/api/v1/apps', json: { client_name: 'Desk', redirect_uris: 'desk://back', scopes: 'read admin:read admin:write' } })).json as unknown as { client_id: string }
  const question = (scope: string) => new URLSearchParams({ client_id, redirect_uri: 'desk://back', response_type: 'code', scope })
  expect((await readAsk(world.app, question('read admin:read:accounts'), ben!)).scopes).toEqual(['read'])
  expect((await readAsk(world.app, question('read admin:read:accounts'), mona!)).scopes).toEqual(['read', 'admin:read:accounts'])
  await expect(readAsk(world.app, question('admin:read admin:write'), ben!)).rejects.toMatchObject({ code: 'oauthRefused' })
  await expect(makeOwnToken(world.app, ben!, { name: 'script', scopes: ['read', 'admin:write'] })).rejects.toMatchObject({ kind: 'notAllowed' })
  expect((await makeOwnToken(world.app, mona!, { name: 'script', scopes: ['admin:write'] })).accessToken).toBeTruthy()
})

test('a moderator’s app finds members, lets newcomers in, and decides with a reason and a rule', async () => {
  const waiting = await person(world.app, 'newcomer', { state: 'pending' })
  expect((await asMona('/api/v1/admin/accounts?pending=true')).json).toMatchObject([{ username: 'newcomer', approved: false }])
  expect((await post(asMona, `/api/v1/admin/accounts/${waiting.id}/approve`)).json).toMatchObject({ approved: true })
  const gone = await person(world.app, 'refused', { state: 'pending' })
  expect((await post(asMona, `/api/v1/admin/accounts/${gone.id}/reject`)).json).toMatchObject({ suspended: true })
  expect((await asMona('/api/v2/admin/accounts?username=cle')).json).toMatchObject([{ username: 'cleo', email: '', ip: null, account: { acct: 'cleo' } }])
  expect((await asMona('/api/v2/admin/accounts?permissions=staff')).json).toMatchObject([{ username: 'mona' }, { username: 'olga', role: { name: 'Owner' } }])
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
  const sort = (json: object) => asMona({ path: `/api/v1/admin/reports/${id}`, method: 'PUT', json })
  expect((await sort({ category: 'spam' })).json).toMatchObject({ category: 'spam', rules: [] })
  expect((await sort({ category: 'violation', rule_ids: [ruleId] })).json).toMatchObject({ category: 'violation', rules: [{ id: ruleId }] })
  expect([(await sort({ category: 'legal' })).status, (await sort({ category: 'nonsense' })).status, (await sort({ rule_ids: ['7'] })).status]).toEqual([422, 422, 422])
  expect((await post(asMona, `/api/v1/admin/accounts/${ben!.id}/action`, { type: 'none', text: 'Please be kind', report_id: id })).status).toBe(200)
  expect((await asMona(`/api/v1/admin/reports/${id}`)).json).toMatchObject({ action_taken: true })
  expect((await asMona('/api/v1/admin/reports')).json).toEqual([])
  expect((await asMona('/api/v1/admin/reports?resolved=true')).json).toMatchObject([{ id }])
  expect((await sort({ category: 'spam' })).status).toBe(409)
  // A slip is taken back within minutes; later it has its own place.
  expect((await post(asMona, `/api/v1/admin/reports/${id}/reopen`)).json).toMatchObject({ id, action_taken: false })
  expect((await post(asMona, `/api/v1/admin/reports/${id}/reopen`)).status).toBe(422)
  expect((await asMona('/api/v1/admin/reports?resolved=true')).json).toEqual([])
  for (const [about, found] of [[ben!.id, 1], [cleo!.id, 0], ['nonsense', 0]] as const) expect((await asMona(`/api/v1/admin/reports?target_account_id=${about}`)).json).toHaveLength(found)
  expect((await asMona(`/api/v1/admin/reports?account_id=${cleo!.id}`)).json).toEqual([])
  expect((await post(asMona, `/api/v1/admin/reports/${id}/resolve`)).json).toMatchObject({ action_taken: true })
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
})

test('what is hard stays as it was reported, and its posts don’t leave the desk', async () => {
  const posted = await createPost(world.app, ben!, { text: 'words that hurt', audience: 'public' })
  const id = await makeReport(world.app, cleo!, { accountId: ben!.id, postIds: [posted.id], category: 'self_harm', comment: 'please look' })
  expect((await asMona('/api/v1/admin/reports')).json).toMatchObject([{ id, statuses: [] }])
  expect((await asMona(`/api/v1/admin/reports/${id}`)).json).toMatchObject({ id, statuses: [] })
  expect((await asMona({ path: `/api/v1/admin/reports/${id}`, method: 'PUT', json: { category: 'spam' } })).status).toBe(409)
})

test('who was locked out, who has a role, who was invited by whom and whose address it is are found, by those who may', async () => {
  const owner = await api.as((await person(world.app, 'oda', { role: 'owner' })), 'admin:read')
  const [dora, emil] = [await person(world.app, 'dora'), await person(world.app, 'emil')]
  await world.app.database.pool.query('update accounts set invited_by_id = $1 where id = $2', [dora.id, emil.id])
  await world.app.database.pool.query("insert into credentials (account_id, email, email_key) values ($1, 'Emil@Example.org', 'emil@example.org')", [emil.id])
  const names = async (client: Client, query: string) => ((await client(`/api/v2/admin/accounts?${query}`)).json as unknown as { username: string }[]).map((one) => one.username)
  expect(await names(asMona, `invited_by=${dora.id}`)).toEqual(['emil'])
  expect(await names(asMona, 'invited_by=nonsense')).toEqual([])
  expect(await names(owner, 'email=emil@EXAMPLE.org')).toEqual(['emil'])
  expect((await owner(`/api/v1/admin/accounts/${emil.id}`)).json).toMatchObject({ email: 'Emil@Example.org', invited_by_account_id: dora.id })
  expect(await names(asMona, 'email=emil@example.org')).toEqual([])
  expect((await asMona(`/api/v1/admin/accounts/${emil.id}`)).json).toMatchObject({ email: '' })
  expect(await names(asMona, 'role_ids[]=1')).toEqual(['mona'])
  expect(await names(asMona, 'role_ids[]=77')).toEqual([])
  expect(await names(asMona, 'origin=remote')).toEqual([])
  const asOlga = await api.as(await person(world.app, 'olaf', { role: 'admin' }), 'admin:read admin:write')
  expect((await post(asOlga, `/api/v1/admin/accounts/${emil.id}/action`, { type: 'disable', text: 'We look into it', rule_ids: [ruleId] })).status).toBe(200)
  expect((await asMona(`/api/v1/admin/accounts/${emil.id}`)).json).toMatchObject({ disabled: true, suspended: false })
  expect([await names(asMona, 'status=disabled'), await names(asMona, 'status=suspended')]).toEqual([['emil'], []])
  expect((await post(asOlga, `/api/v1/admin/accounts/${emil.id}/enable`)).json).toMatchObject({ disabled: false })
})

test('a ready text of the desk gives the words and the rule; whoever is decided about hears of it, however it is asked', async () => {
  await addMacro(world.app, mona!, { title: 'Calm down', act: 'warn', ruleId, text: 'Dear {name}, please be kind at {community}.', locale: 'en' })
  const id = (await macros(world.app, mona!))[0]!.id
  const finn = await person(world.app, 'finn', { displayName: 'Finn' })
  expect((await post(asMona, `/api/v1/admin/accounts/${finn.id}/action`, { type: 'none', warning_preset_id: id, send_email_notification: false })).status).toBe(200)
  expect((await decisionsAboutMe(world.app, finn)).items).toMatchObject([{ act: 'warn', reason: expect.stringMatching(/^Dear Finn, please be kind at /), rule: { id: ruleId } }])
  expect((await post(asMona, `/api/v1/admin/accounts/${finn.id}/action`, { type: 'none', warning_preset_id: '7' })).status).toBe(404)
})

test('figures are those of the place: by day, before, of what it is made, and who stays', async () => {
  const ask = async (kind: string, body: object) => (await post(asMona, `/api/v1/admin/${kind}`, body)).json as unknown as { key: string; total: string; previous_total: string; data: { key: string; date: string; value: string; rate: number }[] }[]
  const before = Number((await ask('measures', { keys: ['interactions'] }))[0]!.total)
  const shown = await createPost(world.app, ben!, { text: 'cake #baking', audience: 'public', language: 'en' })
  await likePost(world.app, cleo!, shown.id)
  const [interactions, uses, people, servers] = await ask('measures', { keys: ['interactions', 'tag_uses', 'nonsense', 'tag_accounts', 'tag_servers'], tag_uses: { id: 'Baking' }, tag_accounts: { id: 'baking' } })
  expect(interactions).toMatchObject({ key: 'interactions', total: String(before + 1), previous_total: '0' })
  expect([interactions!.data.length, interactions!.data.at(-1)!.value]).toEqual([30, String(before + 1)])
  expect([uses, people, servers]).toMatchObject([{ key: 'tag_uses', total: '2' }, { key: 'tag_accounts', total: '1' }, { key: 'tag_servers', total: '0', data: [] }])
  const days = await ask('measures', { keys: ['active_users', 'new_users', 'opened_reports', 'resolved_reports'], start_at: '2020-01-01', end_at: '2020-01-10T12:00:00Z' })
  expect(days.map((one) => [one.key, one.total, one.data.length])).toEqual([['active_users', '0', 10], ['new_users', '0', 10], ['opened_reports', '0', 10], ['resolved_reports', '0', 10]])
  // However long is asked, three months are answered.
  expect((await ask('measures', { keys: ['new_users'], start_at: '2001-01-01' }))[0]!.data.length).toBe(92)
  const parts = await ask('dimensions', { keys: ['languages', 'space_usage', 'software_versions', 'sources', 'tag_languages'], tag_languages: { id: 'baking' } })
  const of = (key: string) => parts.find((one) => one.key === key)!.data
  expect(of('space_usage')).toMatchObject([{ key: 'postgresql', unit: 'bytes' }, { key: 'media', value: '0' }])
  expect(of('software_versions').map((one) => one.key)).toEqual(['hearth', 'node', 'postgresql'])
  expect(of('tag_languages')).toContainEqual(expect.objectContaining({ key: 'en', human_key: 'English' }))
  expect([of('sources'), of('languages').length]).toEqual([[], 1])
  for (const frequency of ['day', 'month']) {
    const cohorts = await ask('retention', { frequency }) as unknown as { period: string; frequency: string; data: { rate: number; value: string }[] }[]
    const [last] = cohorts.slice(-1)
    expect(last).toMatchObject({ frequency, data: [{ value: expect.stringMatching(/^[1-9]/) }] })
    expect(last!.data[0]!.rate).toBeGreaterThan(0)
    expect(last!.data[0]!.rate).toBeLessThan(1)
  }
  for (const wrong of [{ keys: ['new_users'], start_at: 'yesterday' }, { keys: ['new_users'], end_at: '99999999999999999999' }]) expect((await post(asMona, '/api/v1/admin/measures', wrong)).status).toBe(422)
  for (const kind of ['measures', 'dimensions', 'retention']) expect((await post(asBen, `/api/v1/admin/${kind}`, { keys: ['new_users'] })).status).toBe(403)
})

test('garbage is told in words on every way in, never a failure of ours', async () => {
  const wrong: string[] = []
  for (const one of routes.filter(({ path }) => /^\/api\/v[12]\/admin\//.test(path))) {
    for (const id of ['0', 'nonsense', '-1', '99999999999999999999', '9223372036854775807', '%00', '%F0%9F%8D%9E']) {
      for (const client of [asMona, asBen, api.visitor]) {
        const path = one.path.replace(':id', id)
        const { status } = await (one.method === 'GET' ? client(`${path}?max_id=${id}&limit=${id}&start_at=${id}`) : client({ path, method: one.method, json: { type: id, report_id: id, rule_ids: { a: id }, keys: id, trendable: [id], text: { id } } }))
        const fine = client === asMona && !one.path.includes(':id') ? status < 500 : status >= 400 && status < 500
        if (!fine) wrong.push(`${one.method} ${path}: ${status}`)
      }
    }
  }
  expect(wrong).toEqual([])
})
