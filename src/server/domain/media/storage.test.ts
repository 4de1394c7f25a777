import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import * as samples from '../../../../tests/media/samples.ts'
import { storedAt, storedBytes } from '../../../../tests/media/stored.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { verifyCommunity } from '#server/verify/index.ts'
import * as media from './index.ts'

let world: World
let mara: Account
let jun: Account
let folder: string
beforeAll(async () => {
  world = await openWorld()
  mara = await person(world.app, 'mara')
  jun = await person(world.app, 'jun')
  folder = await mkdtemp(join(tmpdir(), 'hearth-storage-'))
})
afterAll(async () => {
  await world.close()
  await rm(folder, { recursive: true, force: true })
})
/** Whatever a test did: every row has its files, and no file is nobody's. */
afterEach(async () => { expect((await verifyCommunity(world.app, () => {}, true)).differences).toEqual([]) })

const query = async <Row extends object>(text: string, values: unknown[] = []) => (await world.app.database.pool.query<Row>(text, values)).rows
async function ready(owner: Account, content: Buffer, name?: string): Promise<media.MediaView> {
  const { id } = await media.acceptUpload(world.app, owner, Readable.from([content]), { name })
  for (let round = 0; round < 5; round++) await world.work()
  return (await media.mediaViews(world.app, [id])).get(id)!
}
const kept = async () => { const names: string[] = []; for await (const name of world.app.files.list()) names.push(name); return names.sort() }
const hours = (count: number) => world.later(count * 3_600_000)

test('bytes that nobody’s row speaks of are swept after a day, and never those on their way in', async () => {
  const stray = Buffer.from('left by a crash')
  await world.app.files.put(media.blobName(createHash('sha256').update(stray).digest()), stray)
  await media.sweepOrphans(world.app)
  expect(await world.app.files.stat(media.blobName(createHash('sha256').update(stray).digest()))).toBeDefined()
  hours(25)
  await media.sweepOrphans(world.app)
  expect(await world.app.files.stat(media.blobName(createHash('sha256').update(stray).digest()))).toBeUndefined()
})

test('the same photo of two people is kept once, made once, and stays as long as one of them has it', async () => {
  const photo = await samples.photo(700, 500)
  const first = await ready(mara, photo)
  const before = await kept()
  expect(before.every((name) => /^by-hash\/[0-9a-f]{2}\/[0-9a-f]{64}$/.test(name))).toBe(true)
  const second = await ready(jun, photo)
  expect(await kept()).toEqual(before)
  expect(second).toMatchObject({ state: 'ready', width: first.width, thumbhash: first.thumbhash, colour: first.colour })
  expect(second.preview!.url).not.toBe(first.preview!.url)
  expect(await storedAt(world.app, second.preview!.url)).toBe(await storedAt(world.app, first.preview!.url))
  expect([...(await media.fingerprintsOf(world.app, [second.id])).values()][0]!.frames).toEqual([...(await media.fingerprintsOf(world.app, [first.id])).values()][0]!.frames)

  await media.removeMedia(world.app, mara, first.id)
  hours(7)
  await media.sweepFiles(world.app)
  expect(await kept()).toEqual(before)
  await media.removeMedia(world.app, jun, second.id)
  await media.sweepFiles(world.app)
  expect(await kept()).toEqual([])
  expect(await query('select from media_made')).toEqual([])
})

test('music that comes again is not worked on again; its words are those of its file, not of who had it before', async () => {
  const song = await samples.make(folder, { format: 'mp3', file: 'a.mp3', audio: 'libmp3lame', metadata: { title: 'Ember' } })
  const first = await ready(mara, song, 'a.mp3')
  await media.describeMedia(world.app, mara, first.id, { title: 'Only mine' })
  const made = await query<{ made: object }>('select made from media_made')
  const second = await ready(jun, song, 'b.mp3')
  expect(second).toMatchObject({ kind: 'audio', state: 'ready', duration: first.duration, waveform: first.waveform })
  expect(second.music!.title).toBe('Ember')
  expect(await query('select made from media_made')).toEqual(made)
  await media.removeMedia(world.app, mara, first.id)
  await media.removeMedia(world.app, jun, second.id)
})

test('what was made before but is gone from storage is made anew', async () => {
  const photo = await samples.photo(310, 200)
  const first = await ready(mara, photo)
  await media.removeMedia(world.app, mara, first.id)
  await query('delete from files')
  for (const name of await kept()) await world.app.files.remove(name)
  const second = await ready(jun, photo)
  expect(second.state).toBe('ready')
  expect((await storedBytes(world.app, second.preview!.url)).length).toBeGreaterThan(100)
})

test('files that a former version kept in folders of their own are found, move over, and stay for a day where they were', async () => {
  const view = await ready(mara, await samples.photo(320, 240))
  const [row] = await query<{ key: string; variants: media.Variant[] }>('select key, variants from media where id = $1', [view.id])
  const old = (name: string) => media.storedName(row!.key, name)
  for (const { name, sha256 } of await query<{ name: string; sha256: Buffer }>('select name, sha256 from media_files where media_id = $1', [view.id])) {
    await world.app.files.put(old(name), await buffer((await world.app.files.read(media.blobName(sha256)))!))
  }
  await query('delete from media_files where media_id = $1', [view.id])
  await query('update media set stored_at = null where id = $1', [view.id])
  const bytes = await storedBytes(world.app, view.preview!.url)
  expect(await storedAt(world.app, view.preview!.url)).toBe(old(view.preview!.url.split('/').at(-1)!))

  expect(await media.adoptFiles(world.app)).toBe(1)
  expect(await storedAt(world.app, view.preview!.url)).toMatch(/^by-hash/)
  expect(await storedBytes(world.app, view.preview!.url)).toEqual(bytes)
  await media.sweepOrphans(world.app)
  expect(await world.app.files.stat(old('original'))).toBeDefined()
  hours(25)
  await media.sweepOrphans(world.app)
  expect((await kept()).filter((name) => !name.startsWith('by-hash'))).toEqual([])
  expect(await media.adoptFiles(world.app)).toBe(0)
})

test('sweeping while the same files are uploaded and taken back never takes one that somebody has', async () => {
  const contents = Array.from({ length: 6 }, (_, index) => Buffer.from(`picture ${index} `.repeat(50)))
  const paths = await Promise.all(contents.map(async (content, index) => { const path = join(folder, `same-${index}`); await writeFile(path, content); return path }))
  const holder = await ready(mara, await samples.photo(333, 222))
  let uploading = true
  const sweeping = (async () => {
    // As if hours lay between upload and sweep: everything that no row needs goes at once.
    while (uploading) { await query("update files f set wanted_at = 'epoch' where not exists (select from media_files mf where mf.sha256 = f.sha256)"); await media.sweepFiles(world.app) }
  })()
  let lost = 0
  for (let round = 0; round < 40; round++) {
    await Promise.all(paths.map(async (path, index) => {
      const name = `test-${index}`
      let sha256: Buffer
      try {
        sha256 = (await media.keepFile(world.app, path)).sha256
        await query('insert into media_files (media_id, name, sha256) values ($1, $2, $3) on conflict do nothing', [holder.id, name, sha256])
      } catch { lost++; return } // swept between: the job tries again
      expect(await buffer((await world.app.files.read(media.blobName(sha256)))!)).toEqual(contents[index])
      if ((round + index) % 2) await query('delete from media_files where media_id = $1 and name = $2', [holder.id, name])
    }))
  }
  uploading = false
  await sweeping
  expect(lost).toBeLessThan(200)
  await query("delete from media_files where name like 'test-%'")
  await query("update files set wanted_at = 'epoch' where not exists (select from media_files mf where mf.sha256 = files.sha256)")
  // Bytes that came after their row had been swept are strays.
  await media.sweepOrphans(world.app)
})
