// Runs in a child process only. The second way through a film: everything is made of it while it is decoded once.
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Decoder, Encoder, FilterAPI, Muxer } from 'node-av/api'
import type { Demuxer } from 'node-av/api'
import { AVSEEK_FLAG_BACKWARD, FF_ENCODER_AAC, FF_ENCODER_FLAC, FF_ENCODER_LIBX264 } from 'node-av/constants'
import { Dictionary } from 'node-av/lib'
import type { Frame, Packet, Stream } from 'node-av/lib'
import { renditionFilters, sampleFilters, soundGraph, uprightFilters } from './graph.ts'
import type { FilmFacts, Rendition } from './plan.ts'
import { samplePause, steadyRate } from './plan.ts'
import { both, decoding, encoding, filtering, sharing, timeOf } from './pump.ts'
import type { Taker } from './pump.ts'
import { withoutNotes } from './units.ts'
import { audioOf, openInput, videoOf } from './source.ts'
import type { Input } from './source.ts'

/** Raw pixels, three bytes each, of one moment. */
export type Sample = { data: Buffer; width: number; height: number; at: number }
export type FilmWork = {
  folder: string
  film: FilmFacts
  renditions: Rendition[]
  sound: { channels: number; gain: number; limited: boolean } | null
  pixels: number
  onSample(sample: Sample): Promise<void>
  onTime(seconds: number): void
}

const threads = Math.min(4, availableParallelism())
const fileOf = (one: Rendition) => `${one.name}.mp4`
/** In fragments while it is written, an ordinary MP4 in the end: see playlist.ts. */
const hybrid = { movflags: '+hybrid_fragmented+frag_keyframe+delay_moov+default_base_moof+negative_cts_offsets' } as Record<string, string>

/** Writes one MP4 a rendition, without anything of the source but what is seen and heard, and hands over pictures as they pass. */
export async function makeFilm(input: Input, work: FilmWork): Promise<void> {
  await using demuxer = await openInput(input)
  const video = videoOf(demuxer)
  if (!video) throw new Error('no video')
  const audio = work.sound ? audioOf(demuxer) : undefined
  const { renditions, film } = work
  const top = renditions[0]!
  const rate = steadyRate(film.frameRate)
  await using stack = new AsyncDisposableStack()
  const decoder = stack.use(await Decoder.create(video, { threadCount: threads, options: { max_pixels: String(work.pixels) } as Record<string, string> }))
  const filters = (description: string) => stack.use(FilterAPI.create(description, { threads }))
  const voice = audio && work.sound ? await voiceTrack(stack, audio, work.sound) : undefined
  const outputs: Taker<Frame>[] = [filtering(filters(sampleFilters(samplePause(film.duration))), { take: (frame) => work.onSample(sampleOf(frame)), end() {} })]
  const speakers: ((packet: Packet) => void)[] = []
  let copied: Taker<Packet> | undefined
  for (const one of renditions) {
    const muxer = stack.use(await Muxer.open(join(work.folder, fileOf(one)), { format: 'mp4', options: { ...hybrid } }))
    let at: number
    if (one.copy) {
      at = muxer.addStream(video)
      forgetSource(muxer, at)
      copied = copying(video, muxer, at)
    } else {
      const filter = filters(renditionFilters(one, top, rate))
      const encoder = stack.use(await Encoder.create(FF_ENCODER_LIBX264, {
        filter, threadCount: threads, maxRate: one.maxRate, bufSize: one.maxRate * 2, gopSize: Math.round(rate.value * 4),
        options: { preset: 'veryfast', crf: 23, profile: 'high', sc_threshold: '0' } as Record<string, string | number>,
      }))
      at = muxer.addStream(encoder)
      outputs.push(filtering(filter, encoding(encoder, (packet) => muxer.writePacketSync(packet, at))))
    }
    if (voice) {
      const beside = muxer.addStream(voice.encoder)
      speakers.push((packet) => muxer.writePacketSync(packet, beside))
    }
  }
  const seen = decoding(decoder, filtering(filters(uprightFilters(film, top)), sharing(outputs)))
  const pictures = copied ? both(copied, seen) : seen
  const sound = voice?.into((packet) => { for (const speak of speakers) speak(packet) })
  await pass(demuxer, { video, pictures, audio, sound, onTime: work.onTime })
}

async function pass(demuxer: Demuxer, { video, pictures, audio, sound, onTime }: { video: Stream; pictures: Taker<Packet>; audio: Stream | undefined; sound: Taker<Packet> | undefined; onTime(seconds: number): void }): Promise<void> {
  for await (using packet of demuxer.packets()) {
    if (!packet) break
    if (packet.streamIndex === video.index) { onTime(timeOf(packet)); await pictures.take(packet) } else if (audio && packet.streamIndex === audio.index) await sound?.take(packet)
  }
  await pictures.end()
  await sound?.end()
}

/** A picture track as it came, without the notes that cameras and editors leave between the pictures. */
function copying(video: Stream, muxer: Muxer, at: number): Taker<Packet> {
  const lengthBytes = ((video.codecpar.extradata?.[4] ?? 3) & 3) + 1
  return {
    async take(packet) {
      using own = packet.clone()
      if (!own) throw new Error('out of memory')
      const bare = withoutNotes(own.data, lengthBytes)
      if (bare.length === 0) return
      // New content comes without times and marks.
      const { pts, dts, duration, flags, timeBase } = packet
      if (bare.length < packet.size) Object.assign(own, { data: bare }, { pts, dts, duration, flags, timeBase })
      muxer.writePacketSync(own, at)
    },
    end() {},
  }
}

/** A track's name, language and maker go; so does all that isn't needed to show it. */
function forgetSource(muxer: Muxer, at: number): void {
  const stream = muxer.getStream(at)
  if (!stream) return
  const none = Dictionary.fromObject({})
  stream.metadata = none
  none.free()
}

async function voiceTrack(stack: AsyncDisposableStack, audio: Stream, sound: { channels: number; gain: number; limited: boolean }) {
  const decoder = stack.use(await Decoder.create(audio))
  const filter = stack.use(FilterAPI.create(soundGraph(sound.channels, sound)))
  const encoder = stack.use(await Encoder.create(FF_ENCODER_AAC, { filter, bitrate: soundRate(sound.channels) }))
  return { encoder, into: (write: (packet: Packet) => void) => decoding(decoder, filtering(filter, encoding(encoder, write))) }
}

const soundRate = (channels: number) => channels === 1 ? 96_000 : 160_000

/** The pixels of a frame in red, green and blue. */
export function sampleOf(frame: Frame): Sample {
  const { width, height } = frame
  const stride = frame.linesize[0] ?? width * 3
  const from = frame.data?.[0]
  if (!from) throw new Error('a picture without pixels')
  const data = Buffer.alloc(width * height * 3)
  for (let row = 0; row < height; row++) from.copy(data, row * width * 3, row * stride, row * stride + width * 3)
  return { data, width, height, at: Math.max(0, timeOf(frame)) }
}

/** Writes only the sound, as AAC in MP4, index first. */
export async function makeSound(input: Input, work: { output: string; sound: { channels: number; gain: number; limited: boolean }; onTime(seconds: number): void }): Promise<void> {
  await using demuxer = await openInput(input)
  const audio = audioOf(demuxer)
  if (!audio) throw new Error('no audio')
  await using stack = new AsyncDisposableStack()
  const voice = await voiceTrack(stack, audio, work.sound)
  const muxer = stack.use(await Muxer.open(work.output, { format: 'mp4', options: { movflags: '+faststart' } as Record<string, string> }))
  const at = muxer.addStream(voice.encoder)
  const sound = voice.into((packet) => muxer.writePacketSync(packet, at))
  for await (using packet of demuxer.packets(audio.index)) {
    if (!packet) break
    work.onTime(timeOf(packet))
    await sound.take(packet)
  }
  await sound.end()
}

/** Writes the sound without any loss, as FLAC without tags. */
export async function makeLossless(input: Input, output: string): Promise<void> {
  await using demuxer = await openInput(input)
  const audio = audioOf(demuxer)
  if (!audio) throw new Error('no audio')
  await using stack = new AsyncDisposableStack()
  const deep = Math.max(audio.codecpar.bitsPerRawSample, audio.codecpar.bitsPerCodedSample) > 16
  const decoder = stack.use(await Decoder.create(audio))
  const filter = stack.use(FilterAPI.create(`aformat=sample_fmts=${deep ? 's32' : 's16'}`))
  const encoder = stack.use(await Encoder.create(FF_ENCODER_FLAC, { filter }))
  const muxer = stack.use(await Muxer.open(output, { format: 'flac' }))
  const at = muxer.addStream(encoder)
  const sound = decoding(decoder, filtering(filter, encoding(encoder, (packet) => muxer.writePacketSync(packet, at))))
  for await (using packet of demuxer.packets(audio.index)) {
    if (!packet) break
    await sound.take(packet)
  }
  await sound.end()
}

/** Seconds, of a file Hearth made. */
export async function lengthOf(path: string): Promise<number> {
  await using demuxer = await openInput({ path, demuxer: 'mov' })
  return demuxer.duration
}

/** The picture shown at this second, as PNG-ready pixels, from a file Hearth made. */
export async function pictureAt(path: string, at: number, frameRate: number): Promise<Sample> {
  await using demuxer = await openInput({ path, demuxer: 'mov' })
  const video = videoOf(demuxer)
  if (!video) throw new Error('no video')
  // Without a track, for then the library takes seconds: with one it takes the track's own ticks for them.
  if (at > 0.5) await demuxer.seek(Math.max(0, at - 0.01), -1, AVSEEK_FLAG_BACKWARD)
  using decoder = await Decoder.create(video, { threadCount: threads })
  // Only the one that is wanted is turned into pixels: those on the way to it are many.
  let found: Frame | undefined
  try {
    for await (using frame of decoder.frames(demuxer.packets(video.index))) {
      if (!frame) break
      found?.free()
      found = frame.clone() ?? undefined
      if (timeOf(frame) >= at - 0.5 / Math.max(1, frameRate)) break
    }
    if (!found) throw new Error('no picture')
    return pixelsOf(found, 'format=rgb24')
  } finally {
    found?.free()
  }
}

/** What this frame shows after these filters, which end in rgb24. Throws when they give nothing. */
export function pixelsOf(frame: Frame, filters: string): Sample {
  using filter = FilterAPI.create(filters)
  filter.processSync(frame)
  filter.flushSync()
  using shown = filter.receiveSync()
  if (!shown) throw new Error('no picture')
  return sampleOf(shown)
}
