import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { make } from '../../../../tests/media/samples.ts'
import { avEngineStatus, makePlayable } from './index.ts'
import { library } from './library.ts'
import { peakMeter } from './peaks.ts'
import { readProbe } from './program.ts'

let folder: string
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'hearth-av-test-')) })
afterAll(() => rm(folder, { recursive: true, force: true }))
const limits = { duration: 7200, pixels: 40_000_000 }

test('the engine that comes with Hearth works, and a wrong FFMPEG_PATH is named', async () => {
  expect(await avEngineStatus({})).toMatchObject({ works: true, engine: 'library', problem: null })
  expect(await avEngineStatus({ ffmpegPath: '/no/such/ffmpeg' })).toMatchObject({ works: false, engine: 'program', problem: expect.stringContaining('FFMPEG_PATH') })
})

test('a film that was shot sideways stands upright', async () => {
  await make(folder, { format: 'mp4', file: 'side.mp4', video: 'libx264', turned: true })
  const made = await makePlayable({ input: join(folder, 'side.mp4'), demuxer: 'mov', folder, limits })
  expect(made).toMatchObject({ kind: 'video', width: 240, height: 320 })
  expect((await library.probe({ path: join(folder, 'play.mp4'), demuxer: 'mov' })).video).toMatchObject({ width: 240, height: 320, rotation: 0 })
})

test.runIf(existsSync('/usr/bin/ffmpeg'))('a program at FFMPEG_PATH does the same', { timeout: 60_000 }, async () => {
  const ffmpegPath = '/usr/bin/ffmpeg'
  expect(await avEngineStatus({ ffmpegPath })).toMatchObject({ works: true, engine: 'program' })
  await make(folder, { format: 'mp4', file: 'both.mp4', video: 'libx264', audio: 'aac', turned: true, metadata: { title: 'Private Title' } })
  const film = await makePlayable({ input: join(folder, 'both.mp4'), demuxer: 'mov', folder, ffmpegPath, limits })
  expect(film).toMatchObject({ kind: 'video', width: 240, height: 320 })
  const file = join(folder, 'play.mp4')
  expect((await readFile(file)).includes('Private Title')).toBe(false)
  expect((await library.probe({ path: file, demuxer: 'mov' })).video).toMatchObject({ width: 240, height: 320, rotation: 0 })
  await make(folder, { format: 'mp3', file: 'p.mp3', audio: 'libmp3lame', metadata: { title: 'Ember' } })
  const song = await makePlayable({ input: join(folder, 'p.mp3'), demuxer: 'mp3', folder, ffmpegPath, limits })
  expect(song).toMatchObject({ kind: 'audio', tags: { title: 'Ember' } })
  expect(song.waveform!.length).toBeGreaterThan(150)
})

test('a film longer than allowed is refused', async () => {
  await make(folder, { format: 'mp4', file: 'long.mp4', video: 'libx264', seconds: 3 })
  await expect(makePlayable({ input: join(folder, 'long.mp4'), demuxer: 'mov', folder, limits: { ...limits, duration: 2 } })).rejects.toMatchObject({ code: 'mediaTooLong' })
})

test('a container that holds only sound is a sound', async () => {
  await make(folder, { format: 'mp4', file: 'voice.mp4', audio: 'aac' })
  expect(await makePlayable({ input: join(folder, 'voice.mp4'), demuxer: 'mov', folder, limits })).toMatchObject({ kind: 'audio', width: null })
})

test('a playlist named like a film opens nothing', async () => {
  await expect(makePlayable({ input: '/etc/hostname', demuxer: 'mov', folder, limits })).rejects.toMatchObject({ code: 'mediaBroken' })
})

test('two hundred peaks, the loudest of them 100; silence is flat', () => {
  const meter = peakMeter()
  meter.take(new Float32Array(80_000).fill(0.25))
  meter.take(new Float32Array(80_000).fill(-0.5))
  expect(meter.peaks()).toHaveLength(200)
  expect([meter.peaks()[0], meter.peaks()[199], meter.seconds()]).toEqual([50, 100, 20])
  const silent = peakMeter()
  silent.take(new Float32Array(80_000))
  expect(Math.max(...silent.peaks())).toBe(0)
})

test('what ffmpeg writes about a phone’s film is understood', () => {
  const words = `Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:x':
  Duration: 00:01:02.50, start: 0.000000, bitrate: 800 kb/s
  Stream #0:0[0x1](und): Video: hevc (Main 10) (hvc1 / 0x31637668), yuv420p10le(tv), 1920x1080 [SAR 1:1 DAR 16:9], 700 kb/s, 29.97 fps, 30 tbr, 600 tbn (default)
      Side data:
        displaymatrix: rotation of -90.00 degrees
  Stream #0:1[0x2](und): Audio: aac (LC), 44100 Hz, mono, fltp, 96 kb/s (default)`
  expect(readProbe(words)).toEqual({ duration: 62.5, video: { width: 1080, height: 1920, frameRate: 29.97, rotation: 90 }, audio: { channels: 1, sampleRate: 44_100 } })
})
