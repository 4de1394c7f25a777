import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findChromium } from '../../../../tests/chromium.ts'
import { make } from '../../../../tests/media/samples.ts'
import { look } from '#server/platform/av/look.ts'
import { demuxerOf, isNoMedia, sniff } from './sniff.ts'

let folder: string
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'hearth-sniff-')) })
afterAll(() => rm(folder, { recursive: true, force: true }))

const live = { live: '1' }
const pieces = { movflags: 'frag_keyframe+empty_moov+default_base_moof' }

test.for([
  ['a recording of Chrome', { format: 'webm', file: 'a.webm', audio: 'libopus', options: live }, { kind: 'audio', mime: 'audio/webm', demuxer: 'matroska' }],
  ['a recording of Safari, in pieces', { format: 'mp4', file: 'a.mp4', audio: 'aac', options: pieces }, { kind: 'audio', mime: 'audio/mp4', demuxer: 'mov' }],
  ['a sound in an ordinary MP4', { format: 'mp4', file: 'b.mp4', audio: 'aac' }, { kind: 'audio', mime: 'audio/mp4', demuxer: 'mov' }],
  ['a sound in Matroska', { format: 'matroska', file: 'a.mka', audio: 'flac' }, { kind: 'audio', mime: 'audio/webm', demuxer: 'matroska' }],
  ['a film that goes over the web live', { format: 'webm', file: 'c.webm', video: 'libvpx', audio: 'libopus', options: live }, { kind: 'video', mime: 'video/webm', demuxer: 'matroska' }],
  ['a silent film', { format: 'webm', file: 'd.webm', video: 'libvpx' }, { kind: 'video', mime: 'video/webm', demuxer: 'matroska' }],
  ['a film in pieces', { format: 'mp4', file: 'c.mp4', video: 'libx264', audio: 'aac', options: pieces }, { kind: 'video', mime: 'video/mp4', demuxer: 'mov' }],
  ['a film of a phone', { format: 'mov', file: 'a.mov', video: 'mpeg4', audio: 'aac' }, { kind: 'video', mime: 'video/quicktime', demuxer: 'mov' }],
] as const)('%s is known by what is in it', async ([, film, expected]) => {
  const content = await make(folder, film)
  const found = await sniff(content)
  expect(await isNoMedia(content.subarray(0, 1024))).toBe(false)
  expect(found).toEqual(expected)
  expect(demuxerOf(found!.mime)).toBe(expected.demuxer)
})

test('a tag before a sound doesn’t hide what it is, and it plays', async () => {
  const tag = Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\x08\0', 'latin1'), Buffer.alloc(1024)])
  for (const [format, audio, demuxer] of [['flac', 'flac', 'flac'], ['adts', 'aac', 'aac'], ['mp3', 'libmp3lame', 'mp3']] as const) {
    const bare = await make(folder, { format, audio, file: `bare.${format}`, options: format === 'mp3' ? { id3v2_version: '0' } : {} })
    const tagged = Buffer.concat([tag, bare])
    expect(await sniff(tagged)).toMatchObject({ kind: 'audio', demuxer })
    expect(await sniff(tagged.subarray(0, 900))).toMatchObject({ kind: 'audio', demuxer: 'mp3' })
    await writeFile(join(folder, 'tagged'), tagged)
    const seen = await look({ path: join(folder, 'tagged'), demuxer }, { duration: 100, pixels: 1, onTime() {} })
    expect(Math.abs(seen.sound!.duration - 2)).toBeLessThan(0.1)
  }
})

test('where the list of tracks hasn’t come yet, or is broken, it stays what its container says', async () => {
  // The index stands at the end.
  const film = await make(folder, { format: 'mp4', file: 'e.mp4', audio: 'aac', seconds: 4 })
  expect(await sniff(film.subarray(0, 4000))).toMatchObject({ kind: 'video' })
  const recording = await make(folder, { format: 'webm', file: 'e.webm', audio: 'libopus', options: live })
  // Its name stands in the list of contents too.
  const tracks = recording.lastIndexOf(Buffer.from([0x16, 0x54, 0xae, 0x6b]))
  for (let cut = 40; cut < tracks + 30; cut++) expect((await sniff(recording.subarray(0, cut)))?.kind ?? 'video').toBe('video')
  const broken = Buffer.from(recording)
  broken.fill(0, tracks + 4, tracks + 12)
  expect(await sniff(broken)).toMatchObject({ kind: 'video' })
})

test('what a browser really records is a sound', { timeout: 60_000 }, async () => {
  const browser = await chromium.launch({ executablePath: await findChromium(), args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'] })
  try {
    const page = await browser.newPage()
    for (const [type, demuxer] of [['audio/webm', 'matroska'], ['audio/mp4', 'mov']] as const) {
      const bytes = await page.evaluate(async (mimeType) => {
        if (!MediaRecorder.isTypeSupported(mimeType)) return null
        const context = new AudioContext()
        const tone = context.createOscillator()
        const target = context.createMediaStreamDestination()
        tone.connect(target)
        tone.start()
        const recorder = new MediaRecorder(target.stream, { mimeType })
        const parts: Blob[] = []
        const done = new Promise((end) => { recorder.onstop = end })
        recorder.ondataavailable = ({ data }) => { parts.push(data); if (parts.length === 3) recorder.stop() }
        recorder.start(200)
        await done
        return Array.from(new Uint8Array(await new Blob(parts).arrayBuffer()))
      }, type)
      if (type === 'audio/webm') expect(bytes).not.toBeNull()
      if (bytes) expect(await sniff(Buffer.from(bytes))).toEqual({ kind: 'audio', mime: type, demuxer })
    }
  } finally {
    await browser.close()
  }
})
