import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApi } from '../../../../tests/api/door.ts'
import type { Api, Client } from '../../../../tests/api/door.ts'
import * as samples from '../../../../tests/media/samples.ts'
import { storedBytes } from '../../../../tests/media/stored.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'

let world: World
let api: Api
let asAda: Client
let asBen: Client
let folder: string
beforeAll(async () => {
  world = await openWorld()
  api = await openApi(world)
  asAda = await api.as(await person(world.app, 'ada'))
  asBen = await api.as(await person(world.app, 'ben'))
  folder = await mkdtemp(join(tmpdir(), 'hearth-api-media-'))
})
afterAll(async () => {
  await api.close()
  await world.close()
  await rm(folder, { recursive: true, force: true })
})

type Entity = { id: string; type: string; url: string | null; preview_url: string | null; description: string | null; blurhash: string | null; meta: { original?: { width?: number; height?: number } } }
const entity = (answer: { body: never }): Entity => answer.body
function form(files: Record<string, Buffer>, fields: Record<string, string> = {}): FormData {
  const data = new FormData()
  for (const [name, value] of Object.entries(fields)) data.set(name, value)
  for (const [name, content] of Object.entries(files)) data.set(name, new Blob([Uint8Array.from(content)]), name)
  return data
}
const song = () => samples.make(folder, { format: 'mp3', file: 'a.mp3', audio: 'libmp3lame', seconds: 1 })
const film = () => samples.make(folder, { format: 'mp4', file: 'a.mp4', video: 'libx264', seconds: 1 })
const bytesOf = async (entry: Entity) => storedBytes(world.app, new URL(entry.preview_url!).pathname)

test('an app sends a song with its cover, and both show in the post', async () => {
  const sent = await asAda({ path: '/api/v2/media', data: form({ file: await song(), thumbnail: await samples.photo(800, 600) }, { description: 'A tune' }) })
  expect(sent.status).toBe(202)
  await world.work()
  const ready = entity(await asAda(`/api/v1/media/${entity(sent).id}`))
  expect(ready).toMatchObject({ type: 'audio', description: 'A tune', url: expect.any(String), preview_url: expect.any(String), blurhash: expect.any(String), meta: { original: { width: 600, height: 800 } } })
  const content = await bytesOf(ready)
  expect((await sharp(content).metadata()).exif).toBeUndefined()
  expect(content.includes('SecretCam')).toBe(false)
  const post = await asAda({ path: '/api/v1/statuses', form: [['status', 'listen'], ['media_ids[]', ready.id]] })
  expect(post.json).toMatchObject({ media_attachments: [{ id: ready.id, meta: { original: { width: 600 } } }] })
})

test('a cover comes afterwards, for a song and for a film, with words or alone', async () => {
  for (const [content, type] of [[await song(), 'audio'], [await film(), 'video']] as const) {
    const { id } = entity(await asAda({ path: '/api/v1/media', data: form({ file: content }) }))
    await world.work()
    const before = entity(await asAda(`/api/v1/media/${id}`))
    const put = await asAda({ method: 'PUT', path: `/api/v1/media/${id}`, data: form({ thumbnail: await samples.photo(500, 500) }) })
    expect(put.status).toBe(200)
    // Looked at like every upload before anybody sees it.
    await world.work()
    const shown = entity(await asAda(`/api/v1/media/${id}`))
    expect(shown).toMatchObject({ type, url: expect.any(String), preview_url: expect.any(String) })
    expect(shown.preview_url).not.toBe(before.preview_url)
    expect((await sharp(await bytesOf(shown)).metadata()).width).toBe(500)
    expect(entity(await asAda({ method: 'PUT', path: `/api/v1/media/${id}`, data: form({ thumbnail: await samples.photo(300, 300) }, { description: 'New' }) })).description).toBe('New')
    await world.work()
    expect(entity(await asAda(`/api/v1/media/${id}`)).preview_url).not.toBe(shown.preview_url)
  }
})

test('what is no picture is refused with a reason and leaves nothing behind; nobody gives another’s song a cover', async () => {
  const refused = await asAda({ path: '/api/v2/media', data: form({ file: await song(), thumbnail: Buffer.from('not a picture') }) })
  expect(refused.status).toBe(422)
  expect((await world.app.database.pool.query("select 1 from media where state = 'queued'")).rowCount).toBe(0)
  const { id } = entity(await asAda({ path: '/api/v1/media', data: form({ file: await song() }) }))
  expect((await asAda({ method: 'PUT', path: `/api/v1/media/${id}`, data: form({ thumbnail: Buffer.from('not a picture') }) })).status).toBe(422)
  expect((await asBen({ method: 'PUT', path: `/api/v1/media/${id}`, data: form({ thumbnail: await samples.photo(50, 50) }) })).status).toBe(404)
})

test('a picture is its own thumbnail', async () => {
  const { id } = entity(await asAda({ path: '/api/v1/media', data: form({ file: await samples.photo(400, 300), thumbnail: await samples.photo(100, 100) }) }))
  await world.work()
  expect(entity(await asAda(`/api/v1/media/${id}`))).toMatchObject({ type: 'image', meta: { original: { width: 300, height: 400 } } })
})
