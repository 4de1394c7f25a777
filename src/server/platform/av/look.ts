// Runs in a child process only. The first way through a file: what it is, how long, how loud.
import { Decoder, FilterAPI } from 'node-av/api'
import { AV_CODEC_ID_H264, AV_NOPTS_VALUE, AV_PIX_FMT_YUV420P, AV_PKT_FLAG_DISCARD, AVCOL_PRI_BT2020, AVCOL_PRI_SMPTE431, AVCOL_PRI_SMPTE432, AVCOL_SPC_UNSPECIFIED, AVCOL_TRC_ARIB_STD_B67, AVCOL_TRC_SMPTE2084 } from 'node-av/constants'
import type { Packet, Stream } from 'node-av/lib'
import { refuse } from '../child/worker.ts'
import { peakMeter, pcmRate } from './peaks.ts'
import type { FilmFacts, Loudness } from './plan.ts'
import { decoding, filtering } from './pump.ts'
import type { Taker } from './pump.ts'
import { audioOf, openInput, shownSize, videoOf } from './source.ts'
import type { Input } from './source.ts'

export type Look = {
  film: FilmFacts | null
  sound: { channels: number; duration: number; loudness: Loudness; peaks: number[] } | null
}
export type LookLimits = { duration: number; pixels: number; onTime(seconds: number): void }

/** Profiles every browser decodes: baseline, main, high. */
const profiles = [66, 77, 100, 578]
const interlaced = 1 << 3
const longestGroup = 10 // seconds from one whole picture to the next

/** Reads all packets once, decodes the sound and only a first picture. Headers are not believed. Throws refusals. */
export async function look(input: Input, limits: LookLimits): Promise<Look> {
  await using demuxer = await openInput(input)
  const video = videoOf(demuxer)
  const audio = audioOf(demuxer)
  const size = video && shownSize(video)
  const codedPixels = video ? video.codecpar.width * video.codecpar.height : 0
  if (size && (Math.min(size.width, size.height) < 2 || Math.max(codedPixels, size.width * size.height) > limits.pixels)) throw refuse('tooManyPixels')
  const seen = video && packetCounter(video)
  const heard = audio && await listener(audio)
  const first = video && await firstPicture(video, limits.pixels)
  try {
    for await (using packet of demuxer.packets()) {
      if (!packet) break
      const at = packet.pts === AV_NOPTS_VALUE ? 0 : Number(packet.pts) * packet.timeBase.num / packet.timeBase.den
      if (at > limits.duration + 1) throw refuse('mediaTooLong')
      limits.onTime(at)
      if (packet.streamIndex === video?.index) { seen?.take(packet); first?.take(packet) } else if (packet.streamIndex === audio?.index) await heard?.sound.take(packet)
    }
    await heard?.sound.end()
    return {
      film: video && size && seen && seen.count() > 0 ? filmFacts(input, video, size, seen, first?.flags() ?? 0) : null,
      sound: heard ? heard.result() : null,
    }
  } finally {
    first?.close()
    heard?.close()
  }
}

/** What a picture track's colours are, as its header says. */
export function colourOf({ codecpar }: Stream): FilmFacts['colour'] {
  const hdr = codecpar.colorTrc === AVCOL_TRC_SMPTE2084 || codecpar.colorTrc === AVCOL_TRC_ARIB_STD_B67
  return { hdr, wide: !hdr && [AVCOL_PRI_BT2020, AVCOL_PRI_SMPTE431, AVCOL_PRI_SMPTE432].includes(codecpar.colorPrimaries), tagged: codecpar.colorSpace !== AVCOL_SPC_UNSPECIFIED }
}

function filmFacts(input: Input, video: Stream, size: ReturnType<typeof shownSize>, seen: Counter, flags: number): FilmFacts {
  const { codecpar } = video
  const colour = colourOf(video)
  const duration = seen.duration()
  const frameRate = seen.count() > 1 && duration > 0 ? seen.count() / duration : 0
  const webSafe = input.demuxer === 'mov' && codecpar.codecId === AV_CODEC_ID_H264 && codecpar.format === AV_PIX_FMT_YUV420P && profiles.includes(codecpar.profile)
    && size.rotation === 0 && size.squarePixels && size.width % 2 === 0 && size.height % 2 === 0 && frameRate <= 61 && !colour.hdr && !colour.wide && (flags & interlaced) === 0 && seen.orderly()
  return {
    duration, width: size.width, height: size.height, rotation: size.rotation, frameRate, bitRate: duration > 0 ? seen.bytes() * 8 / duration : Infinity,
    colour, webSafe,
  }
}

type Counter = ReturnType<typeof packetCounter>

function packetCounter(stream: Stream) {
  const { num, den } = stream.timeBase
  const seconds = (value: bigint) => Number(value) * num / den
  let count = 0
  let bytes = 0
  let from = Infinity
  let to = -Infinity
  let orderly = true
  let lastDts: bigint | undefined
  let whole = 0
  return {
    take(packet: Packet) {
      bytes += packet.size
      // What an edit list cut away must not come back; pictures before the first whole one can't be shown.
      if ((packet.flags & AV_PKT_FLAG_DISCARD) !== 0 || (count === 0 && !packet.isKeyframe)) orderly = false
      if (packet.pts === AV_NOPTS_VALUE || packet.dts === AV_NOPTS_VALUE || (lastDts !== undefined && packet.dts <= lastDts)) orderly = false
      lastDts = packet.dts === AV_NOPTS_VALUE ? lastDts : packet.dts
      count++
      const pts = packet.pts === AV_NOPTS_VALUE ? packet.dts : packet.pts
      if (pts === AV_NOPTS_VALUE) return
      const at = seconds(pts)
      from = Math.min(from, at)
      to = Math.max(to, at + Math.max(0, seconds(packet.duration)))
      if (packet.isKeyframe) whole = at
      else if (at - whole > longestGroup) orderly = false
    },
    count: () => count,
    bytes: () => bytes,
    duration: () => to > from ? to - from : 0,
    orderly: () => orderly && from > -0.001 && from < 0.2,
  }
}

/** Decodes until one picture came; whether it was interlaced is only known then. */
async function firstPicture(video: Stream, pixels: number) {
  const decoder = await Decoder.create(video, { threadCount: 1, options: { max_pixels: String(pixels) } as Record<string, string> }).catch((error: Error) => { throw refuse('videoBroken', error.message) })
  let flags: number | undefined
  let tries = 0
  return {
    take(packet: Packet) {
      if (flags !== undefined || tries++ > 60) return
      try {
        decoder.decodeSync(packet)
        const frame = decoder.receiveSync()
        if (!frame) return
        flags = frame.flags
        frame.free()
      } catch { /* the second way through says what is wrong */ }
    },
    flags: () => flags ?? 0,
    close: () => decoder.close(),
  }
}

/** Measures loudness by EBU R128 with true peaks, and draws the waveform, of the sound as it will be heard. */
async function listener(audio: Stream) {
  const channels = audio.codecpar.channels === 1 ? 1 : 2
  const decoder = await Decoder.create(audio).catch((error: Error) => { throw refuse('audioBroken', error.message) })
  const meter = FilterAPI.create(`aresample=48000:async=1,aformat=sample_fmts=flt:sample_rates=48000:channel_layouts=${channels === 1 ? 'mono' : 'stereo'},ebur128=peak=true:metadata=1:framelog=quiet`)
  const thin = FilterAPI.create(`aresample=${pcmRate},aformat=sample_fmts=flt:sample_rates=${pcmRate}:channel_layouts=mono`)
  const peaks = peakMeter()
  let loudness: Loudness = { lufs: -Infinity, peak: 0 }
  const drawn = filtering(thin, {
    take(frame) {
      const data = frame.data?.[0]
      if (data) peaks.take(new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + frame.nbSamples * 4)))
    },
    end() {},
  })
  const sound: Taker<Packet> = decoding(decoder, filtering(meter, {
    async take(frame) {
      const notes = frame.getMetadata()
      const lufs = Number(notes.get('lavfi.r128.I') ?? NaN)
      const peak = Number(notes.get('lavfi.r128.true_peak') ?? NaN)
      loudness = { lufs: Number.isFinite(lufs) ? lufs : loudness.lufs, peak: Number.isFinite(peak) ? Math.max(peak, loudness.peak) : loudness.peak }
      await drawn.take(frame)
    },
    end: () => drawn.end(),
  }))
  return {
    sound,
    result: () => peaks.seconds() > 0 ? { channels, duration: peaks.seconds(), loudness, peaks: peaks.peaks() } : null,
    close() { decoder.close(); meter.close(); thin.close() },
  }
}

