import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as samples from '../../../../tests/media/samples.ts'
import { storedBytes } from '../../../../tests/media/stored.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import * as media from './index.ts'

let world: World
let mara: Account
let jun: Account
let folder: string
beforeAll(async () => {
  world = await openWorld()
  mara = await person(world.app, 'mara')
  jun = await person(world.app, 'jun')
  folder = await mkdtemp(join(tmpdir(), 'hearth-media-'))
})
afterAll(async () => {
  await world.close()
  await rm(folder, { recursive: true, force: true })
})

const accept = (content: Buffer, name = 'file', purpose = 'post', owner = mara) => media.acceptUpload(world.app, owner, Readable.from([content.subarray(0, 1000), content.subarray(1000)].filter((part) => part.length)), { name, purpose })
async function ready(content: Buffer, name?: string, purpose?: string): Promise<media.MediaView> {
  const { id } = await accept(content, name, purpose)
  await workAll()
  return (await media.mediaViews(world.app, [id])).get(id)!
}
const fileOf = (url: string) => storedBytes(world.app, url)
/** Jobs of one lane follow each other: asks until none waits. */
async function workAll(): Promise<void> {
  for (let round = 0; round < 5; round++) {
    await world.work()
    if ((await world.app.database.pool.query("select 1 from media where state in ('queued', 'processing')")).rowCount === 0) return
  }
}
const keptFiles = async () => { const names: string[] = []; for await (const name of world.app.files.list()) names.push(name); return names }

test('a photo from a phone stands upright, in several widths, and tells nobody where it was taken', async () => {
  const view = await ready(await samples.photo(1500, 900), 'IMG_1.jpg')
  expect(view).toMatchObject({ kind: 'image', state: 'ready', progress: 1, width: 900, height: 1500, error: null })
  expect(view.colour).toMatch(/^#[0-9a-f]{6}$/)
  expect(view.thumbhash).toBeTruthy()
  expect(view.preview!.srcset.match(/ \d+w/g)).toEqual([' 320w', ' 640w', ' 900w'])
  expect(view.preview!.avifSrcset.match(/ \d+w/g)).toEqual([' 320w', ' 640w', ' 900w'])
  for (const url of [view.largeUrl!, ...view.sources.map((source) => source.url)]) {
    const content = await fileOf(url)
    const facts = await sharp(content).metadata()
    expect([facts.width, facts.height]).toEqual([900, 1500])
    expect(facts.exif ?? facts.xmp ?? facts.iptc).toBeUndefined()
    expect(content.includes('SecretCam')).toBe(false)
  }
})

test('a small picture is never blown up', async () => {
  const view = await ready(await sharp({ create: { width: 200, height: 100, channels: 4, background: '#0000' } }).png().toBuffer())
  expect(view.preview!.srcset.match(/ \d+w/g)).toEqual([' 200w'])
})

test('an animated GIF moves on', async () => {
  const view = await ready(await samples.gif(4), 'dance.gif')
  expect(view).toMatchObject({ kind: 'animation', state: 'ready', width: 120, height: 80 })
  expect(view.sources).toMatchObject([{ mime: 'image/webp' }])
  expect((await sharp(await fileOf(view.sources[0]!.url), { animated: true }).metadata()).pages).toBe(4)
})

test('a profile picture is cut square', async () => {
  const view = await ready(await samples.photo(1000, 700), 'me.jpg', 'avatar')
  expect(view).toMatchObject({ kind: 'image', width: 400, height: 400 })
  expect(view.preview!.srcset.match(/ \d+w/g)).toEqual([' 96w', ' 400w'])
})

test('what a file is called does not matter, only what it holds', async () => {
  const before = await keptFiles()
  await expect(accept(Buffer.from('Dear diary, I am a text.'.repeat(50)), 'photo.jpg')).rejects.toMatchObject({ code: 'fileTypeUnknown' })
  await expect(accept(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'), 'a.png')).rejects.toMatchObject({ code: 'fileTypeUnknown' })
  await expect(accept(Buffer.from('#EXTM3U\n#EXT-X-TARGETDURATION:1\nfile:///etc/passwd\n'), 'a.mp4')).rejects.toMatchObject({ code: 'fileTypeUnknown' })
  await expect(accept(Buffer.alloc(0), 'nothing.png')).rejects.toMatchObject({ code: 'fileEmpty' })
  expect(await keptFiles()).toEqual(before)
  expect(await ready(await samples.photo(300, 200), 'song.mp3')).toMatchObject({ kind: 'image', state: 'ready' })
})

test('a picture of too many pixels is refused by its header', async () => {
  await expect(accept(samples.bomb(10_000, 5_000), 'big.png')).rejects.toMatchObject({ code: 'tooManyPixels', status: 413 })
  await expect(accept(samples.bomb(30_000, 2), 'long.png')).rejects.toMatchObject({ code: 'tooManyPixels' })
})

test('a file over the limit of its kind is refused and leaves nothing behind', async () => {
  const before = await keptFiles()
  await expect(accept(Buffer.concat([await samples.photo(), Buffer.alloc(21 * 1024 * 1024)]), 'big.jpg')).rejects.toMatchObject({ code: 'imageTooLarge', status: 413 })
  expect(await keptFiles()).toEqual(before)
})

test('a broken picture fails by itself, with a reason, and others go on', async () => {
  const whole = await sharp({ create: { width: 800, height: 800, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 60 } } }).jpeg().toBuffer()
  const cut = await accept(whole.subarray(0, whole.length / 2), 'cut.jpg')
  const lying = await accept(samples.bomb(4000, 4000), 'lying.png')
  const good = await accept(whole, 'good.jpg')
  await workAll()
  const views = await media.mediaViews(world.app, [cut.id, lying.id, good.id])
  expect(views.get(cut.id)).toMatchObject({ state: 'failed', error: 'imageBroken', preview: null })
  expect(views.get(lying.id)).toMatchObject({ state: 'failed', error: 'imageBroken' })
  expect(views.get(good.id)).toMatchObject({ state: 'ready' })
})

test('trouble that is ours is tried again, and told as ours after the last try', async () => {
  const [lucky, unlucky] = [await accept(await samples.photo(410, 300)), await accept(await samples.photo(420, 300))]
  const { localPath } = world.app.files
  world.app.files.localPath = async () => { throw new Error('the disk is tired') }
  const state = async (id: string) => (await media.mediaViews(world.app, [id])).get(id)!
  await expect(media.processMedia(world.app, lucky.id, false)).rejects.toThrow('tired')
  expect(await state(lucky.id)).toMatchObject({ state: 'processing', error: null })
  await media.processMedia(world.app, unlucky.id, true)
  expect(await state(unlucky.id)).toMatchObject({ state: 'failed', error: 'mediaInternal' })
  world.app.files.localPath = localPath
  await media.processMedia(world.app, lucky.id, true)
  await workAll()
  expect(await state(lucky.id)).toMatchObject({ state: 'ready' })
})

test('a film plays everywhere, has a poster, and forgets where it was shot', async () => {
  const content = await samples.make(folder, { format: 'mov', file: 'a.mov', video: 'mpeg4', audio: 'aac', metadata: { location: '+52.5200+013.4050/', title: 'Private Title', comment: 'SecretCam' } })
  const view = await ready(content, 'clip.mov')
  expect(view).toMatchObject({ kind: 'video', state: 'ready', width: 320, height: 240, music: null, sources: [{ mime: 'video/mp4' }] })
  expect(view.duration).toBeCloseTo(2, 0)
  expect(view.preview!.url).toMatch(/\.webp$/)
  const made = await fileOf(view.sources[0]!.url)
  // In fragments for playlists, and closed as an ordinary file for everything else (decision 11).
  expect(made.lastIndexOf('moov')).toBeGreaterThan(made.lastIndexOf('moof'))
  for (const secret of ['52.52', 'Private Title', 'SecretCam']) expect(made.includes(secret)).toBe(false)
  expect(content.includes('Private Title')).toBe(true)
})

test('a film from the web without sound plays', async () => {
  expect(await ready(await samples.make(folder, { format: 'webm', file: 'b.webm', video: 'libvpx' }))).toMatchObject({ kind: 'video', state: 'ready' })
})

test.for([
  { format: 'mp3', file: 'a.mp3', audio: 'libmp3lame' }, { format: 'flac', file: 'a.flac', audio: 'flac' }, { format: 'wav', file: 'a.wav', audio: 'pcm_s16le' },
  { format: 'ogg', file: 'a.ogg', audio: 'libopus' }, { format: 'ipod', file: 'a.m4a', audio: 'aac' }, { format: 'adts', file: 'a.aac', audio: 'aac' },
])('music in $file plays, with its waveform', async (kind) => {
  const view = await ready(await samples.make(folder, { ...kind, metadata: { title: 'Ember', artist: 'The Hearths', album: 'Winter', comment: 'SecretPlace' } }))
  expect(view).toMatchObject({ kind: 'audio', state: 'ready', error: null, sources: [{ mime: 'audio/mp4' }] })
  expect(view.duration).toBeCloseTo(2, 0)
  expect(view.waveform!.length).toBeGreaterThan(150)
  expect(Math.max(...view.waveform!)).toBe(100)
  if (kind.format !== 'adts' && kind.format !== 'wav') expect(view.music).toEqual({ title: 'Ember', artist: 'The Hearths', album: 'Winter' })
  expect((await fileOf(view.sources[0]!.url)).includes('SecretPlace')).toBe(false)
})

test('a broken film and a hollow song fail with their reasons', async () => {
  const film = await samples.make(folder, { format: 'mp4', file: 'c.mp4', video: 'libx264' })
  const cut = await accept(film.subarray(0, 2000), 'cut.mp4')
  const song = await accept(Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1'), Buffer.alloc(5000)]), 'hollow.mp3')
  await workAll()
  const views = await media.mediaViews(world.app, [cut.id, song.id])
  expect(views.get(cut.id)).toMatchObject({ state: 'failed', error: 'mediaBroken' })
  expect(views.get(song.id)).toMatchObject({ state: 'failed' })
})

test('only the owner says what a picture shows, and may take it back', async () => {
  const { id } = await accept(await samples.photo(100, 100))
  await expect(media.describeMedia(world.app, jun, id, { description: 'mine' })).rejects.toMatchObject({ code: 'uploadGone', status: 404 })
  expect(await media.describeMedia(world.app, mara, id, { description: ' Two squares ', focus: { x: 5, y: -0.5 } })).toMatchObject({ description: 'Two squares', focus: { x: 1, y: -0.5 } })
  await expect(media.describeMedia(world.app, mara, id, { description: 'a'.repeat(1501) })).rejects.toMatchObject({ code: 'form', problems: [{ field: 'description' }] })
  await expect(media.removeMedia(world.app, jun, id)).rejects.toMatchObject({ status: 404 })
  await media.removeMedia(world.app, mara, id)
  await workAll()
  expect(await media.mediaViews(world.app, [id])).toEqual(new Map())
})

test('a post takes own, free files only: pictures together, a film or a song alone', async () => {
  const picture = await accept(await samples.photo(100, 100))
  const other = await accept(await samples.photo(100, 100))
  const film = await accept(await samples.make(folder, { format: 'mp4', file: 'd.mp4', video: 'libx264', seconds: 1 }))
  const postId = world.app.newId<'post'>()
  const claim = (owner: Account, ids: string[]) => world.app.database.inTransaction((tx) => media.claimMedia(world.app, tx, owner, ids, postId))
  await expect(claim(jun, [picture.id])).rejects.toMatchObject({ problems: [{ field: 'media', message: 'error.uploadGone' }] })
  await expect(claim(mara, [picture.id, film.id])).rejects.toMatchObject({ problems: [{ message: 'error.mixedMedia' }] })
  expect(await claim(mara, [other.id, picture.id])).toEqual({ count: 2, kinds: ['image'], ready: false })
  await expect(claim(mara, [picture.id])).rejects.toMatchObject({ problems: [{ message: 'error.uploadGone' }] })
  expect((await media.mediaOfPosts(world.app, [postId])).get(postId)!.map((one) => one.id)).toEqual([other.id, picture.id])
  await expect(media.removeMedia(world.app, mara, picture.id)).rejects.toMatchObject({ status: 404 })
  await workAll()
})

test('uploads that nobody used are swept after a day, and so are files without a row', async () => {
  const { id } = await accept(await samples.photo(100, 100))
  await world.app.files.put(media.storedName('abcorphan', 'x.webp'), Buffer.from('x'))
  await media.sweepUnattached(world.app)
  await media.sweepOrphans(world.app)
  expect((await media.mediaViews(world.app, [id])).size).toBe(1)
  expect(await keptFiles()).toContain('ab/abcorphan/x.webp')
  world.later(25 * 3_600_000)
  await media.sweepUnattached(world.app)
  await media.sweepOrphans(world.app)
  expect((await media.mediaViews(world.app, [id])).size).toBe(0)
  expect(await keptFiles()).not.toContain('ab/abcorphan/x.webp')
})
