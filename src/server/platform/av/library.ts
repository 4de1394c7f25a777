// Runs in a child process only. FFmpeg 8 as a library (node-av); its binary comes with the package.
import { writeFile } from 'node:fs/promises'
import { Decoder, Demuxer, Encoder, FilterAPI, Muxer } from 'node-av/api'
import { AV_DISPOSITION_ATTACHED_PIC, AV_LOG_FATAL, AV_PKT_DATA_DISPLAYMATRIX, AVMEDIA_TYPE_AUDIO, AVMEDIA_TYPE_VIDEO, FF_ENCODER_AAC, FF_ENCODER_LIBX264, FF_ENCODER_PNG } from 'node-av/constants'
import { Log } from 'node-av/lib'
import type { Stream } from 'node-av/lib'
import type { AvEngine, Input } from './engine.ts'
import { pcmRate, pictureFilters } from './engine.ts'

Log.setLevel(AV_LOG_FATAL)

const open = (input: Input) => Demuxer.open(input.path, { format: input.demuxer, options: { protocol_whitelist: 'file' } as Record<string, string> })
const isCover = (stream: Stream) => (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) !== 0
const videoOf = (demuxer: Demuxer) => demuxer.streams.find((stream) => stream.codecpar.codecType === AVMEDIA_TYPE_VIDEO && !isCover(stream))
const audioOf = (demuxer: Demuxer) => demuxer.streams.find((stream) => stream.codecpar.codecType === AVMEDIA_TYPE_AUDIO)

/** The library that comes with Hearth. */
export const library: AvEngine = {
  async probe(input) {
    await using demuxer = await open(input)
    const video = videoOf(demuxer)
    const audio = audioOf(demuxer)
    const duration = Number.isFinite(demuxer.duration) ? Math.max(0, demuxer.duration) : 0
    return {
      duration,
      video: video ? shown(video) : null,
      audio: audio ? { channels: audio.codecpar.channels, sampleRate: audio.codecpar.sampleRate } : null,
    }
  },

  async transcodeVideo(input, goal) {
    await using demuxer = await open(input)
    const video = videoOf(demuxer)
    if (!video) throw new Error('no video')
    const audio = goal.audio ? audioOf(demuxer) : undefined
    await using muxer = await Muxer.open(goal.output, { format: 'mp4', options: { movflags: '+faststart' } as Record<string, string> })
    const tracks: (() => Promise<void>)[] = []
    using decoder = await Decoder.create(video, { threadCount: 2 })
    using filter = FilterAPI.create([...pictureFilters(goal), `fps=${goal.frameRate}`, 'format=yuv420p'].join(','), { threads: 2 })
    using encoder = await Encoder.create(FF_ENCODER_LIBX264, { filter, threadCount: 2, options: { preset: 'veryfast', crf: 23, profile: 'high' } as Record<string, string | number>, maxRate: '6M', bufSize: '12M', gopSize: Math.round(goal.frameRate * 4) })
    const at = muxer.addStream(encoder)
    tracks.push(async () => {
      for await (using packet of encoder.packets(filter.frames(decoder.frames(demuxer.packets(video.index))))) {
        if (!packet) continue
        const { num, den } = packet.timeBase
        goal.onTime(Number(packet.pts) * num / den)
        await muxer.writePacket(packet, at)
      }
    })
    if (audio) tracks.push(await soundTrack(demuxer, audio, muxer, () => {}))
    await Promise.all(tracks.map((run) => run()))
  },

  async transcodeAudio(input, goal) {
    await using demuxer = await open(input)
    const audio = audioOf(demuxer)
    if (!audio) throw new Error('no audio')
    await using muxer = await Muxer.open(goal.output, { format: 'mp4', options: { movflags: '+faststart' } as Record<string, string> })
    await (await soundTrack(demuxer, audio, muxer, goal.onTime))()
  },

  async frame(input, goal) {
    await using demuxer = await open(input)
    const video = videoOf(demuxer)
    if (!video) throw new Error('no video')
    if (goal.at > 0) await demuxer.seek(goal.at)
    using decoder = await Decoder.create(video, { threadCount: 2 })
    using filter = FilterAPI.create(['thumbnail=50', ...pictureFilters(goal), 'format=rgb24'].join(','))
    for await (using frame of filter.frames(decoder.frames(demuxer.packets(video.index)))) {
      if (!frame) continue
      await writeFile(goal.output, await Encoder.encodeOne(FF_ENCODER_PNG, frame))
      return
    }
    throw new Error('no picture')
  },

  async pcm(input, onSamples) {
    await using demuxer = await open(input)
    const audio = audioOf(demuxer)
    if (!audio) throw new Error('no audio')
    using decoder = await Decoder.create(audio)
    using filter = FilterAPI.create(`aresample=${pcmRate},aformat=sample_fmts=flt:sample_rates=${pcmRate}:channel_layouts=mono`)
    for await (using frame of filter.frames(decoder.frames(demuxer.packets(audio.index)))) {
      const data = frame?.data?.[0]
      if (frame && data) onSamples(new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + frame.nbSamples * 4)))
    }
  },
}

async function soundTrack(demuxer: Demuxer, audio: Stream, muxer: Muxer, onTime: (seconds: number) => void): Promise<() => Promise<void>> {
  const decoder = await Decoder.create(audio)
  const filter = FilterAPI.create('aresample=48000:async=1,aformat=sample_fmts=fltp:sample_rates=48000:channel_layouts=stereo')
  const encoder = await Encoder.create(FF_ENCODER_AAC, { filter, bitrate: '160k' })
  const at = muxer.addStream(encoder)
  return async () => {
    using _decoder = decoder
    using _filter = filter
    using _encoder = encoder
    for await (using packet of encoder.packets(filter.frames(decoder.frames(demuxer.packets(audio.index))))) {
      if (!packet) continue
      const { num, den } = packet.timeBase
      onTime(Number(packet.pts) * num / den)
      await muxer.writePacket(packet, at)
    }
  }
}

function shown(stream: Stream) {
  const { width, height } = stream.codecpar
  const aspect = stream.sampleAspectRatio
  const wide = aspect.num > 0 && aspect.den > 0 ? Math.round(width * aspect.num / aspect.den) : width
  const rotation = rotationOf(stream.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX))
  const rate = stream.avgFrameRate
  const turned = rotation === 90 || rotation === 270
  return { width: turned ? height : wide, height: turned ? wide : height, frameRate: rate.den > 0 ? rate.num / rate.den : 0, rotation }
}

/** Degrees clockwise that make the picture upright, from a 3×3 matrix of 16.16 numbers. */
function rotationOf(matrix: Buffer | null): 0 | 90 | 180 | 270 {
  if (!matrix || matrix.length < 20) return 0
  const degrees = Math.atan2(matrix.readInt32LE(4), matrix.readInt32LE(0)) * 180 / Math.PI
  const quarter = ((Math.round(degrees / 90) % 4) + 4) % 4
  return ([0, 90, 180, 270] as const)[quarter]!
}
