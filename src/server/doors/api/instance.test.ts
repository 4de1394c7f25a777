import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Api, Client } from '../../../../tests/api/door.ts'
import { openApi } from '../../../../tests/api/door.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { changeSettings, publishAnnouncement, writeInstanceText } from '#server/domain/instance/index.ts'

let world: World
let api: Api
let mara: Account
let asMara: Client, asJun: Client
beforeAll(async () => {
  world = await openWorld()
  api = await openApi(world)
  mara = await person(world.app, 'mara', { role: 'owner' })
  ;[asMara, asJun] = [await api.as(mara), await api.as(await person(world.app, 'jun'))]
})
afterAll(async () => { await api.close(); await world.close() })
const day = (ahead: number) => new Date(world.app.now().getTime() + ahead * 86_400_000).toISOString().slice(0, 10)

test('announcements are answered with emoji by apps, once each, and the answers taken back', async () => {
  const id = await publishAnnouncement(world.app, mara, { text: 'The harbour opens' })
  const put = (client: Client, name: string) => client({ method: 'PUT', path: `/api/v1/announcements/${id}/reactions/${encodeURIComponent(name)}` })
  for (const [client, name] of [[asMara, '🎉'], [asJun, '🎉'], [asJun, '🎉'], [asJun, '👩🏽‍🚀']] as const) expect((await put(client, name)).status).toBe(200)
  expect((await asJun('/api/v1/announcements')).json).toMatchObject([{ id, read: false, reactions: [{ name: '🎉', count: 2, me: true }, { name: '👩🏽‍🚀', count: 1, me: true }] }])
  expect((await asJun({ method: 'DELETE', path: `/api/v1/announcements/${id}/reactions/${encodeURIComponent('🎉')}` })).status).toBe(200)
  expect((await asJun('/api/v1/announcements')).json).toMatchObject([{ reactions: [{ name: '🎉', count: 1, me: false }, { count: 1 }] }])
  expect((await put(asJun, 'no emoji')).status).toBe(422)
  expect((await asJun({ method: 'PUT', path: '/api/v1/announcements/12/reactions/%F0%9F%8E%89' })).status).toBe(404)
  expect((await api.visitor({ method: 'PUT', path: `/api/v1/announcements/${id}/reactions/x` })).status).toBe(401)
  expect((await asJun({ method: 'POST', path: `/api/v1/announcements/${id}/dismiss` })).status).toBe(200)
  expect((await asJun('/api/v1/announcements')).json).toEqual([])
  expect((await asJun('/api/v1/announcements?with_dismissed=true')).json).toMatchObject([{ id, read: true }])
  expect((await asMara('/api/v1/announcements')).json).toMatchObject([{ id, read: false }])
})

test('terms are read as they are in force, as they were and as they will be', async () => {
  const terms = (date = '') => api.visitor(`/api/v1/instance/terms_of_service${date && `/${date}`}`)
  expect((await terms()).status).toBe(404)
  await writeInstanceText(world.app, mara, 'terms', { text: 'Be kind', effectiveOn: day(2) })
  expect((await terms()).json).toEqual({ content: '<p>Be kind</p>', effective: false, effective_date: day(2), succeeded_by: null })
  world.later(2 * 86_400_000)
  await writeInstanceText(world.app, mara, 'terms', { text: 'Be *kinder*', effectiveOn: day(3) })
  expect((await terms()).json).toEqual({ content: '<p>Be kind</p>', effective: true, effective_date: day(0), succeeded_by: day(3) })
  world.later(3 * 86_400_000)
  expect((await terms()).json).toMatchObject({ content: '<p>Be <em>kinder</em></p>', effective: true, succeeded_by: null })
  expect((await terms(day(-3))).json).toEqual({ content: '<p>Be kind</p>', effective: false, effective_date: day(-3), succeeded_by: day(0) })
  for (const odd of [day(1), 'yesterday', '2026-99-99', '%00', "1' or '1'='1"]) expect((await terms(odd)).status, odd).toBe(404)
})

test('an app learns whom to write to, and the key for its push messages', async () => {
  const { configuration, contact } = (await api.visitor('/api/v2/instance')).json as unknown as { configuration: { vapid: { public_key: string } }; contact: { account: { id: string } } }
  expect(configuration.vapid.public_key).toMatch(/^[\w-]{80,}=*$/)
  expect(contact.account.id).toBe(mara.id)
  expect((await api.visitor('/api/v1/instance')).json).toMatchObject({ contact_account: { id: mara.id } })
})

test('the privacy policy and the story are what was written, and where nothing was, the nearest there is', async () => {
  const read = async (what: string) => (await api.visitor(`/api/v1/instance/${what}`)).json as unknown as { content: string }
  await changeSettings(world.app, mara, { operator: 'The harbour club' })
  expect((await read('extended_description')).content).toContain('The harbour club')
  expect((await read('privacy_policy')).content).toContain('kinder')
  await writeInstanceText(world.app, mara, 'privacy', { text: 'We keep little' })
  await writeInstanceText(world.app, mara, 'about', { text: 'Since 1911' })
  expect((await read('privacy_policy')).content).toBe('<p>We keep little</p>')
  expect((await read('extended_description')).content).toBe('<p>Since 1911</p>')
  expect((await api.visitor('/api/v2/instance')).json).toMatchObject({ configuration: { urls: { privacy_policy: expect.stringMatching(/\/privacy$/), terms_of_service: expect.stringMatching(/\/terms$/) } } })
})
