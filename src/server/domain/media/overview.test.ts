import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import * as samples from '../../../../tests/media/samples.ts'
import { storedBytes } from '../../../../tests/media/stored.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { verifyCommunity } from '#server/verify/index.ts'
import * as media from './index.ts'
import { withoutLists } from './rules.ts'

let world: World
let owner: Account
let mara: Account
let jun: Account
let folder: string
beforeAll(async () => {
  world = await openWorld()
  owner = await person(world.app, 'owner', { role: 'owner' })
  mara = await person(world.app, 'mara')
  jun = await person(world.app, 'jun')
  folder = await mkdtemp(join(tmpdir(), 'hearth-overview-'))
})
afterAll(async () => {
  await world.close()
  await rm(folder, { recursive: true, force: true })
})
afterEach(async () => { expect((await verifyCommunity(world.app)).differences).toEqual([]) })

const upload = async (who: Account, content: Buffer, name = 'a.jpg') => (await media.acceptUpload(world.app, who, Readable.from([content]), { name })).id
const view = async (id: string) => (await media.mediaViews(world.app, [id])).get(id)!
async function work(): Promise<void> { for (let round = 0; round < 4; round++) await world.work() }
const query = (text: string, values: unknown[] = []) => world.app.database.pool.query(text, values)

test('the owner sees what is stored: by kind, month and member, and what the same file twice saves', async () => {
  const photo = await samples.photo(600, 400)
  await upload(mara, photo)
  const twice = await upload(jun, photo)
  await upload(jun, await samples.gif(3), 'a.gif')
  await work()
  await query("update media set created_at = now() - interval '40 days' where id = $1", [twice])
  const seen = await media.mediaOverview(world.app, owner, true)
  const [image, animation] = seen.kinds
  expect(seen.kinds.map((one) => one.kind)).toEqual(['image', 'animation'])
  expect(image!.bytes).toBe(image!.parts.original + image!.parts.still)
  expect(seen.saved).toBe(image!.bytes / 2)
  expect(seen.stored.bytes).toBe(image!.bytes / 2 + animation!.bytes)
  expect(seen.months.length).toBeGreaterThanOrEqual(2)
  expect(seen.months.reduce((sum, month) => sum + month.bytes, 0)).toBe(image!.bytes + animation!.bytes)
  expect(seen.members.map(({ account, items }) => [account.username, items])).toEqual([['jun', 2], ['mara', 1]])
  expect(seen.now).toMatchObject({ home: 'disk', waiting: 0, failed: 0, unstored: 0, unfinished: 0 })
  await expect(media.mediaOverview(world.app, mara)).rejects.toMatchObject({ code: 'notAllowed' })
})

test('a file that could not be made ready is listed with its reason; once the trouble is over it is tried again, alone or with all', async () => {
  const [first, second] = [await upload(mara, await samples.photo(310, 210), 'holiday.jpg'), await upload(mara, await samples.photo(320, 210))]
  const whole = await samples.photo(900, 600)
  const broken = await upload(jun, whole.subarray(0, whole.length / 2), 'cut.jpg')
  await query("delete from graphile_worker._private_jobs where payload->>'mediaId' = any($1)", [[first, second]])
  await query("update media set state = 'failed', error = 'mediaInternal', attempts = 3 where id = any($1)", [[first, second]])
  await work()
  const { items } = await media.failedMedia(world.app, owner, { limit: 10 })
  expect(items.map(({ id, name, error, attempts, account }) => [id, name, error, attempts, account?.username])).toEqual([
    [broken, 'cut.jpg', 'imageBroken', 1, 'jun'], [second, 'a.jpg', 'mediaInternal', 3, 'mara'], [first, 'holiday.jpg', 'mediaInternal', 3, 'mara'],
  ])
  expect((await media.failedMedia(world.app, owner, { limit: 1, before: broken })).items.map((one) => one.id)).toEqual([second])

  await media.retryMedia(world.app, owner, first)
  await media.retryMedia(world.app, owner, first).catch(() => {})
  await work()
  expect((await view(first)).state).toBe('ready')
  expect((await view(second)).state).toBe('failed')
  await media.retryAllMedia(world.app, owner)
  await work()
  expect((await view(second)).state).toBe('ready')
  expect((await media.failedMedia(world.app, owner, { limit: 10 })).items).toMatchObject([{ id: broken, attempts: 2, error: 'imageBroken' }])
  await expect(media.retryMedia(world.app, owner, second)).rejects.toMatchObject({ code: 'notFound' })
  await expect(media.retryMedia(world.app, mara, broken)).rejects.toMatchObject({ code: 'notAllowed' })

  await media.dropFailedMedia(world.app, owner, broken)
  expect((await media.failedMedia(world.app, owner, { limit: 10 })).items).toEqual([])
  await expect(media.dropFailedMedia(world.app, owner, second)).rejects.toMatchObject({ code: 'postWaits' })
})

test('a rule tells beforehand what it frees, frees that, leaves what can be shown, and does nothing the second time', async () => {
  const photo = await samples.photo(1500, 2000)
  const [old, shared, fresh] = [await upload(mara, photo), await upload(jun, await samples.photo(1510, 2000)), await upload(mara, await samples.photo(1520, 2000))]
  await upload(jun, await samples.photo(1510, 2000))
  await work()
  await query("update media set created_at = now() - interval '400 days' where id = any($1)", [[old, shared]])
  for (const what of ['originals', 'avif'] as const) {
    const would = await media.tryMediaRule(world.app, owner, what, 12)
    expect(would).toMatchObject({ items: 2, files: 2 })
    await media.setMediaRule(world.app, owner, what, 12)
    await media.runMediaRule(world.app, owner, what)
    expect((await media.mediaRules(world.app, owner)).find((one) => one.what === what)).toMatchObject({ running: true })
    await work()
    // What somebody else's item needs isn't freed.
    expect((await media.mediaRules(world.app, owner)).find((one) => one.what === what)).toMatchObject({ running: false, months: 12, done: 2, freed: would.bytes, ranAt: expect.any(String) })
    expect(would.bytes).toBeGreaterThan(0)
    expect(await media.tryMediaRule(world.app, owner, what, 12)).toEqual({ items: 0, files: 0, bytes: 0 })
    await media.runMediaRule(world.app, owner, what)
    await work()
  }
  const left = await view(old)
  expect(left.preview!.avifSrcset.match(/ \d+w/g)).toEqual((await view(fresh)).preview!.avifSrcset.match(/ \d+w/g)!.slice(0, -1))
  for (const { url } of [...left.sources, { url: left.largeUrl! }]) expect((await storedBytes(world.app, url)).length).toBeGreaterThan(100)
  world.later(7 * 3_600_000)
  const before = (await media.mediaOverview(world.app, owner, true)).stored.bytes
  await media.sweepFiles(world.app)
  expect((await media.mediaOverview(world.app, owner, true)).stored.bytes).toBeLessThan(before)
})

test('an old film keeps its smaller picture, and its lists lead nowhere else', { timeout: 120_000 }, async () => {
  const id = await upload(mara, await samples.make(folder, { format: 'mp4', file: 'f.mp4', video: 'libx264', size: '1280x720', seconds: 1 }), 'f.mp4')
  await work()
  await query("update media set created_at = now() - interval '400 days' where id = $1", [id])
  const before = (await query('select variants from media where id = $1', [id])).rows[0].variants as media.Variant[]
  expect(before.filter((one) => one.mime === 'video/mp4').length).toBeGreaterThan(1)
  const would = await media.tryMediaRule(world.app, owner, 'film', 6)
  expect(would).toMatchObject({ items: 1, files: 2 })
  await media.setMediaRule(world.app, owner, 'film', 6)
  await media.runMediaRule(world.app, owner, 'film')
  await work()
  const { variants, key } = (await query('select variants, key from media where id = $1', [id])).rows[0] as { variants: media.Variant[]; key: string }
  const films = variants.filter((one) => one.mime === 'video/mp4')
  expect(films.length).toBe(before.filter((one) => one.mime === 'video/mp4').length - 1)
  expect(Math.min(films[0]!.width!, films[0]!.height!)).toBeLessThanOrEqual(480)
  const master = (await storedBytes(world.app, `/media/files/${key}/${variants.find((one) => one.name === 'hls')!.file}`)).toString()
  const listed = master.split('\n').filter((line) => line && !line.startsWith('#'))
  expect(listed.length).toBe(films.length)
  for (const file of listed) expect((await storedBytes(world.app, `/media/files/${key}/${file}`)).toString()).toContain('#EXTM3U')
  expect((await view(id)).sources.length).toBeGreaterThan(0)
})

test('only whoever runs the community sets rules, in whole months', async () => {
  await expect(media.setMediaRule(world.app, mara, 'avif', 3)).rejects.toMatchObject({ code: 'notAllowed' })
  for (const months of [0, 1.5, 5000, NaN]) await expect(media.setMediaRule(world.app, owner, 'avif', months)).rejects.toMatchObject({ code: 'monthsRange' })
  await expect(media.setMediaRule(world.app, owner, 'everything', 3)).rejects.toMatchObject({ code: 'badValue' })
  await media.setMediaRule(world.app, owner, 'avif', null)
  await expect(media.runMediaRule(world.app, owner, 'avif')).rejects.toMatchObject({ code: 'ruleOff' })
})

test('a list of lists loses an entry with its facts', () => {
  const master = '#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-STREAM-INF:BANDWIDTH=9\nplay.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=3\nplay-480.m3u8\n'
  expect(withoutLists(master, new Set(['play.m3u8', 'play.mp4']))).toBe('#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-STREAM-INF:BANDWIDTH=3\nplay-480.m3u8\n')
})
