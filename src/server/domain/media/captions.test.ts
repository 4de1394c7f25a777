import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { make } from '../../../../tests/media/samples.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { readCaptions, writeCaptions } from './captions-text.ts'
import * as media from './index.ts'

let world: World
let mara: Account
let jun: Account
let folder: string
let film: string
beforeAll(async () => {
  world = await openWorld()
  mara = await person(world.app, 'mara')
  jun = await person(world.app, 'jun')
  folder = await mkdtemp(join(tmpdir(), 'hearth-captions-'))
  film = (await media.acceptUpload(world.app, mara, Readable.from([await make(folder, { format: 'mp4', file: 'a.mp4', video: 'libx264', seconds: 1 })]), { name: 'a.mp4' })).id
  await world.work()
})
afterAll(async () => {
  await world.close()
  await rm(folder, { recursive: true, force: true })
})

const view = async () => (await media.mediaViews(world.app, [film])).get(film)!
const fetchAs = (viewer: Account | null, url: string) => {
  const [key, file] = url.split('/').slice(-2)
  return media.whoMayFetch(world.app, { key: key!, file: file! }, async () => viewer, async () => false)
}
const vtt = 'WEBVTT\n\n00:00.500 --> 00:02.000\nHello there\n'

test('WebVTT and SubRip are read alike; only words, times and speakers stay', () => {
  const cues = [{ from: 1, to: 2.5, text: 'Mara: Hello & welcome\nto the harbour' }, { from: 3723.25, to: 3724, text: 'Bye' }]
  expect(readCaptions('\ufeffWEBVTT - title\nX-TIMESTAMP=1\n\nSTYLE\n::cue { background: url(https://evil.example) }\n\nNOTE private\n\nfirst\n00:01.000 --> 00:02.500 line:0 align:start\n<v.loud Mara>Hello &amp; <i>welcome</i>\n<c.red><00:00:02.000>to the harbour</c>\n\n01:02:03.250 --> 01:02:04.000\nBye\n')).toEqual(cues)
  expect(readCaptions('1\r\n00:00:01,000 --> 00:00:02,500\r\nMara: Hello & <b>welcome</b>\r\n{\\an8}to the harbour\r\n\r\n2\r\n01:02:03,250 --> 01:02:04,000\r\nBye\r\n')).toEqual(cues)
  expect(writeCaptions(cues)).toBe('WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nMara: Hello &amp; welcome\nto the harbour\n\n01:02:03.250 --> 01:02:04.000\nBye\n')
})

test('what can’t be read is named by its line', () => {
  const problem = (text: string) => { try { readCaptions(text); return null } catch (error) { return error } }
  expect(problem('')).toMatchObject({ problem: 'captionsEmpty' })
  expect(problem('WEBVTT\n\nonly words\n')).toMatchObject({ line: 3, problem: 'captionsTime' })
  expect(problem('WEBVTT\n\n00:01.000 --> 00:99.000\nx\n')).toMatchObject({ line: 3, problem: 'captionsTime' })
  expect(problem('WEBVTT\n\n00:02.000 --> 00:01.000\nx\n')).toMatchObject({ line: 3, problem: 'captionsOrder' })
  expect(problem('#EXTM3U\nhttp://evil.example/')).toMatchObject({ problem: 'captionsTime' })
})

test('nothing a member writes changes what is around it', () => {
  const cue = fc.record({ from: fc.integer({ min: 0, max: 999_000 }), long: fc.integer({ min: 1, max: 9000 }), text: fc.string({ unit: 'binary', maxLength: 60 }) })
  fc.assert(fc.property(fc.array(cue, { minLength: 1, maxLength: 5 }), (list) => {
    const written = writeCaptions(list.map(({ from, long, text }) => ({ from: from / 1000, to: (from + long) / 1000, text: text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ').trim() || 'x' })))
    const again = readCaptions(written)
    expect(again.length).toBeLessThanOrEqual(list.length)
    expect(writeCaptions(again)).toBe(writeCaptions(readCaptions(writeCaptions(again))))
    expect(written).not.toMatch(/<(?!$)/)
  }))
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => { try { readCaptions(`WEBVTT\n\n${text}`) } catch (error) { expect(error).toMatchObject({ captions: true }) } }))
})

test('a film has captions in several languages, one of each, and its own files for them', async () => {
  await media.saveCaptions(world.app, mara, film, { language: 'EN', kind: 'captions', label: 'English', text: vtt })
  await media.saveCaptions(world.app, mara, film, { language: 'ar', kind: 'subtitles', text: '1\n00:00:00,500 --> 00:00:02,000\nمرحبا\n' })
  const before = await view()
  expect(before.captions.map((one) => [one.language, one.kind, one.label])).toEqual([['en', 'captions', 'English'], ['ar', 'subtitles', '']])
  const found = (await fetchAs(mara, before.captions[0]!.url))!
  expect(found.mime).toBe('text/vtt')
  expect(await world.app.files.stat(found.name)).toBeTruthy()
  await media.saveCaptions(world.app, mara, film, { language: 'en', kind: 'captions', text: vtt.replace('Hello', 'Good evening') })
  const after = await view()
  expect(after.captions).toHaveLength(2)
  // A new address: nobody sees the old words from a cache, and the old file is gone.
  expect(after.captions[0]!.url).not.toBe(before.captions[0]!.url)
  expect(await fetchAs(mara, before.captions[0]!.url)).toBeUndefined()
  expect(await world.app.files.stat(found.name)).toBeUndefined()
  const own = await media.captionsOf(world.app, mara, film)
  const english = own.find((one) => one.language === 'en')!
  expect(english.text).toContain('Good evening there')
  await media.removeCaptions(world.app, mara, film, english.id)
  expect((await view()).captions).toHaveLength(1)
})

test('captions are for those who may see the film, and written by its owner alone', async () => {
  const { captions } = await view()
  expect(await fetchAs(jun, captions[0]!.url)).toBeUndefined()
  expect(await fetchAs(null, captions[0]!.url)).toBeUndefined()
  await expect(media.saveCaptions(world.app, jun, film, { language: 'en', kind: 'captions', text: vtt })).rejects.toMatchObject({ status: 404 })
  await expect(media.captionsOf(world.app, jun, film)).rejects.toMatchObject({ status: 404 })
})

test('wrong languages, kinds and texts are named beside their fields', async () => {
  const save = (change: Partial<media.CaptionsDraft>) => media.saveCaptions(world.app, mara, film, { language: 'en', kind: 'captions', text: vtt, ...change })
  await expect(save({ language: 'no language' })).rejects.toMatchObject({ problems: [{ field: 'language' }] })
  await expect(save({ kind: 'chapters' })).rejects.toMatchObject({ problems: [{ field: 'kind' }] })
  await expect(save({ text: 'WEBVTT\n\nnonsense' })).rejects.toMatchObject({ problems: [{ field: 'text', message: 'error.captionsTime', params: { line: 3 } }] })
  await expect(save({ text: `WEBVTT\n\n${'x'.repeat(400_000)}` })).rejects.toMatchObject({ problems: [{ field: 'text', message: 'error.textTooLong' }] })
})
