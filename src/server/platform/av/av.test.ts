import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { make } from '../../../../tests/media/samples.ts'
import { earlyPoster } from './early.ts'
import type { AvTask } from './index.ts'
import { avEngineStatus, makePlayable } from './index.ts'
import { look } from './look.ts'
import { peakMeter } from './peaks.ts'

let folder: string
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'hearth-av-test-')) })
afterAll(() => rm(folder, { recursive: true, force: true }))
const limits = { duration: 7200, pixels: 40_000_000 }

async function play(file: string, demuxer: string, more: Partial<AvTask> = {}) {
  const to = await mkdtemp(join(folder, 'made-'))
  const progress: number[] = []
  const made = await makePlayable({ input: join(folder, file), demuxer, folder: to, limits, ...more }, (value) => progress.push(value))
  const seen = await look({ path: join(to, made.kind === 'video' ? 'play.mp4' : 'play.m4a'), demuxer: 'mov' }, { ...limits, onTime() {} })
  return { made, to, seen, progress, text: (name: string) => readFile(join(to, name), 'utf8') }
}
const refused = (file: string, demuxer: string, code: string) => expect(play(file, demuxer)).rejects.toMatchObject({ child: true, code })

/** Red, green and blue in the middle of a picture. */
async function middleOf(path: string): Promise<number[]> {
  const { width, height } = await sharp(path).metadata()
  const { data } = await sharp(path).removeAlpha().toColourspace('srgb').extract({ left: width >> 1, top: height >> 1, width: 2, height: 2 }).raw().toBuffer({ resolveWithObject: true })
  return [data[0]!, data[1]!, data[2]!]
}

test('the library that comes with Hearth works', async () => {
  expect(await avEngineStatus()).toEqual({ works: true, version: expect.stringMatching(/^FFmpeg 8/), problem: null })
})

test('a film comes in three sizes, each a file that plays by itself and in parts', async () => {
  await make(folder, { format: 'mp4', file: 'large.mp4', video: 'mpeg4', audio: 'aac', size: '1920x1080', seconds: 5, videoOptions: { b: '4M' } })
  const { made, to, text } = await play('large.mp4', 'mov')
  expect(made).toMatchObject({ kind: 'video', width: 1920, height: 1080 })
  expect(made.duration).toBeCloseTo(5, 0)
  expect(made.files.filter((one) => one.mime === 'video/mp4').map((one) => [one.file, one.width, one.height])).toEqual([['play.mp4', 1920, 1080], ['play-720.mp4', 1280, 720], ['play-360.mp4', 640, 360]])
  const master = await text('film.m3u8')
  expect(master.match(/RESOLUTION=\d+x\d+/g)).toEqual(['RESOLUTION=1920x1080', 'RESOLUTION=1280x720', 'RESOLUTION=640x360'])
  expect(master).toMatch(/CODECS="avc1\.64[0-9a-f]{4},mp4a\.40\.2"/)
  const list = await text('play-360.m3u8')
  expect(list.match(/#EXTINF:([\d.]+)/g)).toEqual(['#EXTINF:4.000000', expect.stringMatching(/#EXTINF:(0\.9|1)\d*/)])
  // The head and every part lie where the list says.
  const file = await readFile(join(to, 'play-360.mp4'))
  const [, bytes, at] = /BYTERANGE="(\d+)@(\d+)"/.exec(list)!.map(Number)
  expect(file.toString('latin1', at! + 4, at! + 8)).toBe('ftyp')
  const parts = [...list.matchAll(/#EXT-X-BYTERANGE:(\d+)@(\d+)/g)].map((found) => [Number(found[1]), Number(found[2])] as const)
  expect(parts[0]![1]).toBe(at! + bytes!)
  for (const [, from] of parts) expect(file.toString('latin1', from + 4, from + 8)).toBe('moof')
  // What stands alone, as any player of HLS joins it, is a film again.
  await writeFile(join(folder, 'joined.mp4'), Buffer.concat([file.subarray(at!, at! + bytes!), ...parts.map(([size, from]) => file.subarray(from, from + size))]))
  const joined = await look({ path: join(folder, 'joined.mp4'), demuxer: 'mov' }, { ...limits, onTime() {} })
  expect(joined.film).toMatchObject({ width: 640, height: 360 })
  expect(joined.film!.duration).toBeCloseTo(5, 0)
  expect(joined.sound?.duration).toBeCloseTo(5, 0)
})

const sources: { name: string; film: Omit<Parameters<typeof make>[1], 'file'>; demuxer: string }[] = [
  { name: 'an MP4 with H.264', film: { format: 'mp4', video: 'libx264', audio: 'aac' }, demuxer: 'mov' },
  { name: 'a MOV with HEVC', film: { format: 'mov', video: 'libx265', audio: 'aac' }, demuxer: 'mov' },
  { name: 'a MOV with ProRes', film: { format: 'mov', video: 'prores_ks', pixels: 'yuv422p10le', audio: 'pcm_s16le', hear: 'aformat=sample_fmts=s16:channel_layouts=stereo' }, demuxer: 'mov' },
  { name: 'a WebM with VP9 and Opus', film: { format: 'webm', video: 'libvpx-vp9', audio: 'libopus' }, demuxer: 'matroska' },
  { name: 'a WebM with AV1', film: { format: 'webm', video: 'libsvtav1', audio: 'libopus' }, demuxer: 'matroska' },
  { name: 'an MKV with H.264 and MP3', film: { format: 'matroska', video: 'libx264', audio: 'libmp3lame' }, demuxer: 'matroska' },
  { name: 'an old interlaced camera’s film', film: { format: 'mp4', video: 'mpeg2video', audio: 'aac', look: 'interlace', videoOptions: { flags: '+ilme+ildct' } }, demuxer: 'mov' },
  { name: 'a film with a changing frame rate', film: { format: 'matroska', video: 'libx264', look: 'select=not(eq(mod(n\\,5)\\,2))*not(between(n\\,20\\,28))' }, demuxer: 'matroska' },
  { name: 'a film without sound', film: { format: 'mp4', video: 'libx264' }, demuxer: 'mov' },
  { name: 'a film with one channel', film: { format: 'mp4', video: 'libx264', audio: 'aac', hear: 'aformat=sample_fmts=fltp:channel_layouts=mono' }, demuxer: 'mov' },
  { name: 'a film with six channels', film: { format: 'mp4', video: 'libx264', audio: 'aac', hear: 'aformat=sample_fmts=fltp:channel_layouts=5.1' }, demuxer: 'mov' },
  { name: 'a recording of a browser that doesn’t know its length', film: { format: 'webm', video: 'libvpx-vp9', audio: 'libopus', options: { live: '1' } }, demuxer: 'matroska' },
]
test.each(sources)('$name plays everywhere', async ({ film, demuxer, name }) => {
  const file = `${name.replace(/\W/g, '')}.bin`
  await make(folder, { ...film, file })
  const { made, seen } = await play(file, demuxer)
  expect(made).toMatchObject({ kind: 'video', width: 320, height: 240 })
  expect(Math.abs(made.duration - 2)).toBeLessThan(0.15)
  expect(seen.film).toMatchObject({ width: 320, height: 240, rotation: 0, webSafe: true, colour: { hdr: false } })
  expect(seen.sound?.channels).toBe(film.audio ? name.includes('one channel') ? 1 : 2 : undefined)
  if (film.audio) expect(Math.abs(seen.sound!.duration - seen.film!.duration)).toBeLessThan(0.15)
  expect(made.files.map((one) => one.name)).toEqual(expect.arrayContaining(['play', 'list-play', 'hls', 'board', 'still-320']))
  expect(made.fingerprints.length).toBeGreaterThan(1)
})

test('a film that was shot sideways stands upright', async () => {
  await make(folder, { format: 'mp4', file: 'side.mp4', video: 'libx264', turned: true })
  const { made, seen } = await play('side.mp4', 'mov')
  expect(made).toMatchObject({ kind: 'video', width: 240, height: 320 })
  expect(seen.film).toMatchObject({ width: 240, height: 320, rotation: 0 })
})

test('an odd size becomes even and never larger', async () => {
  await make(folder, { format: 'matroska', file: 'odd.mkv', video: 'libx264', size: '321x241', pixels: 'yuv444p' })
  expect((await play('odd.mkv', 'matroska')).seen.film).toMatchObject({ width: 320, height: 240, webSafe: true })
})

test.each([['HLG', 'arib-std-b67'], ['PQ', 'smpte2084']])('%s in ten bits is shown in the colours of a usual screen', async (_name, transfer) => {
  const file = `hdr-${transfer}.mov`
  // A grey that HDR stores far from where SDR does.
  await make(folder, { format: 'mov', file, video: 'libx265', pixels: 'yuv420p10le', look: `drawbox=c=white:t=fill,format=yuv420p10le,lutyuv=y=${transfer === 'smpte2084' ? 'minval+(maxval-minval)*0.58' : 'minval+(maxval-minval)*0.75'}:u=512:v=512,setparams=color_primaries=bt2020:color_trc=${transfer}:colorspace=bt2020nc:range=tv` })
  const source = await look({ path: join(folder, file), demuxer: 'mov' }, { ...limits, onTime() {} })
  expect(source.film?.colour).toMatchObject({ hdr: true, tagged: true })
  const { made, to, seen } = await play(file, 'mov')
  expect(seen.film).toMatchObject({ colour: { hdr: false, wide: false, tagged: true }, webSafe: true })
  const [red, green, blue] = await middleOf(join(to, made.files.find((one) => one.mime === 'image/webp' && one.name.startsWith('still'))!.file))
  // White paper is bright and without a tint.
  expect(red).toBeGreaterThan(150)
  expect(Math.abs(red! - green!) + Math.abs(green! - blue!)).toBeLessThan(12)
})

test('what browsers play already is kept as it is, without the notes in it', async () => {
  await make(folder, { format: 'mp4', file: 'kept.mp4', video: 'libx264', audio: 'aac', size: '480x360' })
  const source = await readFile(join(folder, 'kept.mp4'))
  expect(source.includes('x264 - core')).toBe(true)
  const { to, made, seen } = await play('kept.mp4', 'mov')
  const film = await readFile(join(to, 'play.mp4'))
  expect(film.includes('x264 - core')).toBe(false)
  expect(made.files.filter((one) => one.mime === 'video/mp4').map((one) => one.file)).toEqual(['play.mp4', 'play-240.mp4'])
  // What is left stands behind lengths, not start codes: browsers are strict.
  const pictures = film.subarray(film.indexOf('mdat', film.indexOf('moof')) + 4)
  expect([pictures.readUInt32BE(0) > 4, pictures[4]! & 31]).toEqual([true, 5])
  const { film: facts } = await look({ path: join(folder, 'kept.mp4'), demuxer: 'mov' }, { ...limits, onTime() {} })
  expect(seen.film!.frameRate).toBeCloseTo(facts!.frameRate, 1)
  expect(Math.abs(seen.film!.bitRate / facts!.bitRate - 1)).toBeLessThan(0.1)
})

test('the poster is neither the black beginning nor the blur', async () => {
  await make(folder, { format: 'mp4', file: 'fade.mp4', video: 'libx264', seconds: 4, look: "drawbox=c=black:t=fill:enable='lt(t,1)',gblur=sigma=20:enable='between(t,1,2.5)'" })
  const { made, to } = await play('fade.mp4', 'mov')
  const { channels, sharpness } = await sharp(join(to, made.files.find((one) => one.name.startsWith('still') && one.mime === 'image/webp')!.file)).greyscale().stats()
  expect(channels[0]!.mean).toBeGreaterThan(40)
  expect(sharpness).toBeGreaterThan(3)
  const board = made.files.find((one) => one.name === 'board')!
  expect(board.grid).toMatchObject({ count: 8, columns: 8, every: 0.5, width: 176, height: 132 })
  expect(await sharp(join(to, 'board.webp')).metadata()).toMatchObject({ width: 8 * 176, height: 132 })
  expect(made.fingerprints.map((one) => one.frameAt)).toEqual([0, 0.52, 1.04, 1.56, 2.08, 2.6, 3.12, 3.64])
  expect(made.fingerprints[0]!.quality).toBeLessThan(50)
})

test('quiet and loud films sound alike; a member sees how far it is', async () => {
  await make(folder, { format: 'mp4', file: 'quiet.mp4', video: 'libx264', audio: 'aac', seconds: 4, hear: 'volume=-14dB,aformat=sample_fmts=fltp:channel_layouts=stereo' })
  await make(folder, { format: 'mp4', file: 'loud.mp4', video: 'libx264', audio: 'aac', seconds: 4, hear: 'volume=+14dB,aformat=sample_fmts=fltp:channel_layouts=stereo' })
  const [quiet, loud] = [await play('quiet.mp4', 'mov'), await play('loud.mp4', 'mov')]
  expect(loud.made.loudness! - quiet.made.loudness!).toBeGreaterThan(20)
  expect(quiet.seen.sound!.loudness.lufs).toBeCloseTo(-16, 0)
  expect(loud.seen.sound!.loudness.lufs).toBeCloseTo(-16, 0)
  for (const { seen } of [quiet, loud]) expect(seen.sound!.loudness.peak).toBeLessThan(1)
  expect(quiet.progress.length).toBeGreaterThan(0)
  expect([...quiet.progress].sort((a, b) => a - b)).toEqual(quiet.progress)
})

test.each([
  { format: 'mp3', audio: 'libmp3lame', demuxer: 'mp3', hear: undefined }, { format: 'ipod', audio: 'aac', demuxer: 'mov' }, { format: 'adts', audio: 'aac', demuxer: 'aac' }, { format: 'flac', audio: 'flac', demuxer: 'flac' },
  { format: 'ogg', audio: 'libvorbis', demuxer: 'ogg', hear: 'asetnsamples=n=64,aformat=sample_fmts=fltp:channel_layouts=stereo' }, { format: 'ogg', audio: 'libopus', demuxer: 'ogg' }, { format: 'wav', audio: 'pcm_s16le', demuxer: 'wav' }, { format: 'webm', audio: 'libopus', demuxer: 'matroska' },
])('a song as $format with $audio plays everywhere', async ({ format, audio, demuxer, hear }) => {
  const file = `song-${format}-${audio}`
  await make(folder, { format, file, audio, hear, metadata: { title: 'Ember', artist: 'The Hearths', album: 'Slow Fires', comment: 'Recorded at 52.5200N', copyright: 'Private Person' } })
  const { made, to, seen } = await play(file, demuxer)
  expect(made).toMatchObject({ kind: 'audio', width: null })
  if (format !== 'adts' && format !== 'wav' && format !== 'webm') expect(made.tags).toEqual({ title: 'Ember', artist: 'The Hearths', album: 'Slow Fires' })
  expect(made.waveform!.length).toBeGreaterThan(150)
  expect(Math.abs(seen.sound!.duration - 2)).toBeLessThan(0.1)
  expect(made.loudness).toBeLessThan(-10)
  const content = await readFile(join(to, 'play.m4a'))
  for (const word of ['Ember', 'Private Person', '52.5200']) expect(content.includes(word)).toBe(false)
})

test('lossless music stays lossless beside what is played, where the owner allows it, without its tags', async () => {
  await make(folder, { format: 'wav', file: 'studio.wav', audio: 'pcm_s16le', metadata: { title: 'Ember', comment: 'at my house' } })
  await make(folder, { format: 'flac', file: 'studio.flac', audio: 'flac', metadata: { title: 'Ember', comment: 'at my house' } })
  for (const [file, demuxer] of [['studio.wav', 'wav'], ['studio.flac', 'flac']] as const) {
    const { made, to } = await play(file, demuxer, { lossless: true })
    expect(made.files.map((one) => [one.name, one.mime])).toContainEqual(['lossless', 'audio/flac'])
    const flac = await readFile(join(to, 'lossless.flac'))
    expect([flac.toString('latin1', 0, 4), flac.includes('my house'), flac.includes('Ember')]).toEqual(['fLaC', false, false])
  }
  expect((await play('studio.wav', 'wav')).made.files.map((one) => one.name)).toEqual(['play'])
})

test('where it was made, with what and by whom is in nothing that is served', async () => {
  const secrets = { title: 'Private Title', location: '+52.5201+013.4050/', make: 'SecretPhone', model: 'Spy 12', comment: 'my home', 'com.apple.quicktime.location.ISO6709': '+52.5201+013.4050+034.1/', 'com.apple.quicktime.model': 'Spy 12' }
  const words = ['52.5201', 'SecretPhone', 'Spy 12', 'Private Title', 'my home']
  const films = [
    { format: 'mov', file: 'xyz.mov', video: 'libx264', audio: 'aac', demuxer: 'mov' },
    { format: 'mov', file: 'mdta.mov', video: 'libx264', audio: 'aac', demuxer: 'mov', options: { movflags: 'use_metadata_tags' } },
    { format: 'matroska', file: 'tags.mkv', video: 'libx264', audio: 'aac', demuxer: 'matroska' },
    { format: 'mp3', file: 'id3.mp3', audio: 'libmp3lame', demuxer: 'mp3' },
  ]
  for (const { demuxer, ...film } of films) {
    const source = await make(folder, { ...film, metadata: secrets })
    expect(words.some((word) => source.includes(word)), film.file).toBe(true)
    if (film.format === 'mov') expect(source.includes('52.5201')).toBe(true)
    const { to } = await play(film.file, demuxer)
    for (const name of await readdir(to)) {
      const content = await readFile(join(to, name))
      for (const word of words) expect(content.includes(word), `${film.file} → ${name}: ${word}`).toBe(false)
    }
  }
})

test('a container that holds only sound is a sound', async () => {
  await make(folder, { format: 'mp4', file: 'voice.mp4', audio: 'aac' })
  expect((await play('voice.mp4', 'mov')).made).toMatchObject({ kind: 'audio', width: null })
})

test('a film longer than allowed is refused, whatever its header says', async () => {
  await make(folder, { format: 'mp4', file: 'long.mp4', video: 'libx264', seconds: 5 })
  const content = await readFile(join(folder, 'long.mp4'))
  const at = content.indexOf('mvhd')
  content.writeUInt32BE(1, at + 20)
  await writeFile(join(folder, 'long.mp4'), content)
  await expect(play('long.mp4', 'mov', { limits: { ...limits, duration: 2 } })).rejects.toMatchObject({ code: 'mediaTooLong' })
})

test('playlists that name other files open nothing, by whatever name they come', async () => {
  const secret = join(folder, 'secret.txt')
  await writeFile(secret, 'FILE:top-secret')
  const lists = {
    hls: `#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile://${secret}\n#EXTINF:5,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n`,
    concat: `ffconcat version 1.0\nfile ${secret}\n`,
    sdp: 'v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n',
    mpd: `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period><BaseURL>file://${secret}</BaseURL></Period></MPD>`,
  }
  for (const [name, text] of Object.entries(lists)) {
    await writeFile(join(folder, name), text)
    for (const demuxer of ['mov', 'matroska', 'mp3', 'aac', 'flac', 'ogg', 'wav']) {
      const made = await play(name, demuxer).catch((error: { code?: string }) => error)
      expect(made, `${name} as ${demuxer}`).toMatchObject({ child: true, code: expect.stringMatching(/^(mediaBroken|mediaEmpty|audioBroken)$/) })
    }
  }
})

test('a QuickTime film that points to another file shows nothing of it', async () => {
  const content = await make(folder, { format: 'mov', file: 'ref.mov', video: 'libx264' })
  // A data reference 'alis' that isn't in the file itself.
  const at = content.indexOf('dref') + 12
  content.writeUInt32BE(0, at + 8)
  content.write('alis', at + 4, 'latin1')
  await writeFile(join(folder, 'ref.mov'), content)
  const made = await play('ref.mov', 'mov').catch((error: { code?: string }) => error)
  expect('made' in made ? made.made.kind : made.code).toMatch(/^(video|mediaBroken|videoBroken|mediaEmpty)$/)
})

test('pictures of a hundred thousand pixels a side are refused before one is decoded', async () => {
  const content = await make(folder, { format: 'mp4', file: 'huge.mp4', video: 'libx264' })
  for (let at = content.indexOf('avc1'); at >= 0; at = content.indexOf('avc1', at + 4)) {
    if (content.readUInt16BE(at + 28) !== 320) continue
    content.writeUInt16BE(65_535, at + 28)
    content.writeUInt16BE(65_535, at + 30)
  }
  await writeFile(join(folder, 'huge.mp4'), content)
  await expect(play('huge.mp4', 'mov', { limits: { ...limits, pixels: 40_000 } })).rejects.toMatchObject({ child: true, code: 'tooManyPixels' })
})

test('what is cut off, mislabelled or mixed up fails as that file, or plays as far as it goes', async () => {
  const film = await make(folder, { format: 'mp4', file: 'whole.mp4', video: 'libx264', audio: 'aac' })
  await writeFile(join(folder, 'cut.mp4'), film.subarray(0, film.length / 2))
  await refused('cut.mp4', 'mov', 'mediaBroken')
  await refused('whole.mp4', 'matroska', 'mediaBroken')
  const stream = await make(folder, { format: 'matroska', file: 'whole.mkv', video: 'libx264', audio: 'aac', seconds: 4 })
  await writeFile(join(folder, 'cut.mkv'), stream.subarray(0, Math.floor(stream.length * 0.6)))
  const { made } = await play('cut.mkv', 'matroska')
  expect(made.duration).toBeGreaterThan(1)
  expect(made.duration).toBeLessThan(4)
  // Noise in the middle of the pictures.
  const noisy = Buffer.from(film)
  for (let at = Math.floor(noisy.length * 0.2); at < noisy.length * 0.6; at += 7) noisy[at] = at * 31 % 256
  await writeFile(join(folder, 'noisy.mp4'), noisy)
  const result = await play('noisy.mp4', 'mov').catch((error: { code?: string }) => error)
  expect('made' in result ? result.made.kind : result.code).toMatch(/^(video|videoBroken|audioBroken|mediaBroken)$/)
  await writeFile(join(folder, 'empty.mp4'), '')
  await refused('empty.mp4', 'mov', 'mediaBroken')
  expect((await stat(join(folder, 'whole.mp4'))).size).toBe(film.length)
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

test('a long film’s poster is of the moment that was chosen, and its first picture is there before the rest', async () => {
  // Dark but for four seconds in the middle: several groups from the beginning, several from the end.
  await make(folder, { format: 'mp4', file: 'long.mp4', video: 'libx264', seconds: 12, look: "drawbox=c=black:t=fill:enable='not(between(t,4,8))'", videoOptions: { g: '25' } })
  const to = await mkdtemp(join(folder, 'made-'))
  const told: string[] = []
  const made = await makePlayable({ input: join(folder, 'long.mp4'), demuxer: 'mov', folder: to, limits }, () => told.push('progress'), (early) => told.push(`${early.width}x${early.height} ${early.fingerprints.length}`))
  const light = async (file: string) => (await sharp(join(to, file)).greyscale().stats()).channels[0]!.mean
  expect(await light(made.files.find((one) => one.name.startsWith('still') && one.mime === 'image/webp')!.file)).toBeGreaterThan(40)
  expect(await light('early.webp')).toBeGreaterThan(40)
  expect(told[0]).toBe('320x240 3')
})

test('a first picture stands upright, and comes from behind a dark beginning; a dark film and one with too many pixels have none', async () => {
  await make(folder, { format: 'mp4', file: 'dark.mp4', video: 'libx264', look: 'drawbox=c=black:t=fill' })
  await make(folder, { format: 'mov', file: 'sideways.mov', video: 'libx265', pixels: 'yuv420p10le', turned: true })
  const to = await mkdtemp(join(folder, 'early-'))
  const task = (file: string) => ({ input: join(folder, file), demuxer: 'mov', folder: to, limits })
  expect(await earlyPoster(task('dark.mp4'))).toBeNull()
  // One group from beginning to end: only going through it leads to something to see.
  await make(folder, { format: 'mp4', file: 'begins-dark.mp4', video: 'libx264', seconds: 3, look: "drawbox=c=black:t=fill:enable='lt(t,0.7)'", videoOptions: { g: '500' } })
  expect(await earlyPoster(task('begins-dark.mp4'))).toMatchObject({ width: 320, height: 240 })
  expect(await earlyPoster(task('sideways.mov'))).toMatchObject({ width: 240, height: 320 })
  expect(await earlyPoster({ ...task('sideways.mov'), limits: { ...limits, pixels: 1000 } })).toBeNull()
})
