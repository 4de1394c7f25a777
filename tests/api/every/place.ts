import { expect } from 'vitest'
import { allow, outOfBand, readAsk } from '../../../src/server/domain/apps/index.ts'
import { addRule, changeSettings, publishAnnouncement, writeInstanceText } from '../../../src/server/domain/instance/index.ts'
import type { Cast, Json } from './teller.ts'

/** What the community says of itself. */
export async function place({ world, api, tell, mara, asAda }: Cast): Promise<void> {
  const { visitor } = api
  const today = world.app.now().toISOString().slice(0, 10)
  await changeSettings(world.app, mara, { name: 'Lanternholm', joinMode: 'open', emailMode: 'confirmed' })
  await writeInstanceText(world.app, mara, 'terms', { text: 'Be kind' })
  await writeInstanceText(world.app, mara, 'privacy', { text: 'We keep little' })
  await writeInstanceText(world.app, mara, 'about', { text: 'Since 1911' })
  await addRule(world.app, mara, { text: 'Listen first', hint: 'Then speak' })
  const { queries } = world.app.database
  const mediaId = world.app.newId()
  await queries.insertInto('media').values({ id: mediaId, account_id: mara.id, kind: 'image', purpose: 'instance', state: 'ready', key: 'anchor', original_mime: 'image/png', variants: JSON.stringify([{ name: 'still-64', mime: 'image/webp', width: 64, height: 64, bytes: 1, file: 'a.webp' }]) }).execute()
  await queries.insertInto('custom_emojis').values({ id: world.app.newId(), shortcode: 'anchor', media_id: mediaId, category: 'Harbour' }).execute()
  world.later(60_000)

  await tell.shows('GET /health', visitor, {}, { status: 'OK' })
  await tell.shows('GET /api/v1/instance', visitor, {}, { title: 'Lanternholm', rules: [{ text: 'Listen first' }], urls: { streaming_api: expect.stringMatching(/^ws/) } })
  await tell.shows('GET /api/v2/instance', visitor, {}, { title: 'Lanternholm', configuration: { urls: { streaming: expect.stringMatching(/^ws/) } }, registrations: { enabled: true } })
  await tell.shows('GET /api/v1/instance/rules', visitor, {}, [{ text: 'Listen first', hint: 'Then speak' }])
  await tell.shows('GET /api/v1/instance/extended_description', visitor, {}, { content: '<p>Since 1911</p>' })
  await tell.shows('GET /api/v1/instance/privacy_policy', visitor, {}, { content: '<p>We keep little</p>' })
  await tell.shows('GET /api/v1/instance/terms_of_service', visitor, {}, { content: '<p>Be kind</p>', effective: true })
  await tell.shows('GET /api/v1/instance/terms_of_service/{date}', visitor, { at: today }, { effective_date: today })
  await tell.shows('GET /api/v1/custom_emojis', visitor, {}, [{ shortcode: 'anchor', category: 'Harbour', url: expect.stringContaining('a.webp') }])
  for (const none of ['peers', 'activity', 'domain_blocks']) await tell.empty(`GET /api/v1/instance/${none}`, visitor, {}, [])
  await tell.empty('GET /api/v1/instance/translation_languages', visitor, {}, {})

  const id = await publishAnnouncement(world.app, mara, { text: 'The harbour opens' })
  await tell.shows('PUT /api/v1/announcements/{id}/reactions/{name}', asAda, { at: [id, 'anchor'] }, {})
  await tell.shows('GET /api/v1/announcements', asAda, {}, [{ id, content: expect.stringContaining('harbour'), reactions: [{ name: 'anchor', count: 1, me: true }] }])
  await tell.shows('DELETE /api/v1/announcements/{id}/reactions/{name}', asAda, { at: [id, 'anchor'] }, {})
  await tell.shows('POST /api/v1/announcements/{id}/dismiss', asAda, { at: id }, {})
}

/** An app registers, is allowed, speaks for a member and for itself, and lets somebody join. */
export async function apps({ world, api, tell, ada }: Cast): Promise<void> {
  const { visitor } = api
  const bearer = (token: unknown) => (ask: Parameters<typeof visitor>[0]) => visitor({ ...typeof ask === 'string' ? { path: ask } : ask, headers: { authorization: `Bearer ${String(token)}` } })
  const client = await tell.shows<{ client_id: string; client_secret: string }>('POST /api/v1/apps', visitor, { json: { client_name: 'Semaphore', redirect_uris: outOfBand, scopes: 'read write profile' } }, { name: 'Semaphore', client_id: expect.any(String) })
  const proof = { client_id: client.client_id, client_secret: client.client_secret }
  const ask = await readAsk(world.app, new URLSearchParams({ response_type: 'code', client_id: client.client_id, redirect_uri: outOfBand, scope: 'read profile' }))
  const { code } = await allow(world.app, ada, ask)
  const { access_token: token } = await tell.shows('POST /oauth/token', visitor, { form: { ...proof, grant_type: 'authorization_code', code, redirect_uri: outOfBand } }, { token_type: 'Bearer', scope: expect.stringContaining('profile'), created_at: expect.any(Number) })
  await tell.shows('GET /oauth/userinfo', bearer(token), {}, { preferred_username: 'ada' })
  await tell.shows('GET /api/v1/apps/verify_credentials', bearer(token), {}, { name: 'Semaphore' })
  await tell.shows('POST /oauth/revoke', visitor, { form: { ...proof, token: String(token) } }, {})
  expect((await bearer(token)('/oauth/userinfo')).status).toBe(401)

  const own: Json = (await visitor({ path: '/oauth/token', form: { ...proof, grant_type: 'client_credentials', scope: 'read write' } })).json
  const joined = await tell.shows('POST /api/v1/accounts', bearer(own['access_token']), { json: { username: 'nils', email: 'nils@example.org', password: 'three warm loaves of bread', agreement: true, locale: 'en' } }, { token_type: 'Bearer', access_token: expect.any(String) })
  await tell.shows('POST /api/v1/emails/confirmations', bearer(joined['access_token']), { form: {} }, {})
  await tell.shows('GET /.well-known/oauth-authorization-server', visitor, {}, { issuer: world.app.config.publicUrl, code_challenge_methods_supported: ['S256'] })
}

/** What other servers have and a community of its own has not. */
export async function absent({ tell, ada, asAda }: Cast): Promise<void> {
  const collections = { collections: [] }
  await tell.empty('GET /api/v1/accounts/{id}/identity_proofs', asAda, { at: ada.id }, [])
  await tell.empty('GET /api/v1/accounts/{account_id}/collections', asAda, { at: ada.id }, collections)
  await tell.empty('GET /api/v1/accounts/{account_id}/in_collections', asAda, { at: ada.id }, collections)
  await tell.empty('GET /api/v1/domain_blocks', asAda, {}, [])
  for (const method of ['POST', 'DELETE']) await tell.empty(`${method} /api/v1/domain_blocks`, asAda, { form: { domain: 'elsewhere.example' } }, {})
  await tell.empty('GET /api/v1/annual_reports', asAda, {}, { annual_reports: [], accounts: [], statuses: [] })
  await tell.empty('GET /api/v1/annual_reports/{year}/state', asAda, { at: '2026' }, { state: 'ineligible' })
  for (const operation of ['GET /api/v1/annual_reports/{year}', 'POST /api/v1/annual_reports/{year}/generate', 'POST /api/v1/annual_reports/{year}/read']) await tell.refused(operation, asAda, { at: '2026' }, 404)
  await tell.refused('POST /api/v1/collections', asAda, { json: { name: 'Bakers' } }, 403)
  for (const operation of ['GET /api/v1/collections/{id}', 'PATCH /api/v1/collections/{id}', 'DELETE /api/v1/collections/{id}', 'POST /api/v1/collections/{collection_id}/items']) await tell.refused(operation, asAda, { at: '1' }, 404)
  for (const operation of ['DELETE /api/v1/collections/{collection_id}/items/{id}', 'POST /api/v1/collections/{collection_id}/items/{id}/revoke']) await tell.refused(operation, asAda, { at: ['1', '2'] }, 404)
  await tell.refused('GET /api/v1_alpha/async_refreshes/{id}', asAda, { at: '1' }, 404)
}
