// Real files, made on the spot: by sharp and by the FFmpeg library that comes with Hearth.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { Decoder, Demuxer, Encoder, FilterAPI, Muxer } from 'node-av/api'
import type { FFEncoderCodec } from 'node-av/constants'
import { Dictionary } from 'node-av/lib'

/** A picture with a place, a camera and an orientation in it. */
export const photo = (width = 900, height = 600) => sharp({ create: { width, height, channels: 3, background: '#c2410c' } })
  .composite([{ input: { create: { width: Math.round(width / 3), height: Math.round(height / 2), channels: 3, background: '#1d4ed8' } }, left: 0, top: 0 }])
  .withExif({ IFD0: { Make: 'SecretCam', Orientation: '6' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 31/1 12/1', GPSLongitudeRef: 'E', GPSLongitude: '13/1 24/1 36/1' } })
  .withMetadata({ orientation: 6 }).jpeg().toBuffer()

/** Frames of changing colour. */
export async function gif(frames = 4): Promise<Buffer> {
  const pictures = await Promise.all(Array.from({ length: frames }, (_, at) => sharp({ create: { width: 120, height: 80, channels: 4, background: { r: at * 60 % 255, g: 90, b: 200, alpha: 1 } } }).png().toBuffer()))
  return sharp(pictures, { join: { animated: true } }).gif({ delay: pictures.map(() => 100) }).toBuffer()
}

/** A PNG whose header promises this size, and whose few bytes would unpack to it. */
export function bomb(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    const sum = Buffer.alloc(4)
    sum.writeUInt32BE(crc(body))
    return Buffer.concat([length, body, sum])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head[8] = 8
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), chunk('IHDR', head), chunk('IDAT', deflateSync(Buffer.alloc(1000))), chunk('IEND', Buffer.alloc(0))])
}

function crc(data: Buffer): number {
  let value = 0xffffffff
  for (const byte of data) {
    value ^= byte
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0)
  }
  return (value ^ 0xffffffff) >>> 0
}

/** Writes the turn where phones write it: into the first track's header. */
async function turn(path: string): Promise<void> {
  const content = await readFile(path)
  const at = content.indexOf('tkhd') + 44
  ;[0, 65_536, 0, -65_536, 0, 0, 0, 0, 1 << 30].forEach((value, index) => content.writeInt32BE(value, at + index * 4))
  await writeFile(path, content)
}

type Film = {
  format: string; file: string; video?: string; audio?: string; size?: string; seconds?: number; metadata?: Record<string, string>
  /** held sideways: to be turned a quarter clockwise */
  turned?: boolean
  /** more filters behind the test picture, and options of its encoder */
  look?: string
  pixels?: string
  videoOptions?: Record<string, string>
  /** another sound than a tone in two channels */
  sound?: string
  hear?: string
  /** options of the container */
  options?: Record<string, string>
}

const audioFormats: Record<string, string> = {
  flac: 'aformat=sample_fmts=s16:sample_rates=44100', pcm_s16le: 'aformat=sample_fmts=s16', libopus: 'aformat=sample_fmts=flt:sample_rates=48000:channel_layouts=stereo',
}

/** A short film or sound in the wanted container and codecs, with tags. */
export async function make(folder: string, { format, file, video, audio, size = '320x240', seconds = 2, metadata = {}, turned = false, look, pixels = 'yuv420p', videoOptions, sound, hear, options }: Film): Promise<Buffer> {
  const path = join(folder, file)
  const muxer = await Muxer.open(path, { format, ...(options ? { options: options as never } : {}) })
  const tags = Dictionary.fromObject(metadata)
  muxer.getFormatContext().metadata = tags
  const sources: Demuxer[] = []
  const tracks: (() => Promise<void>)[] = []
  const track = async (source: string, filters: string, codec: string, more: Record<string, string> = {}) => {
    const demuxer = await Demuxer.open(source, { format: 'lavfi' })
    sources.push(demuxer)
    const stream = demuxer.streams[0]!
    const decoder = await Decoder.create(stream)
    const filter = FilterAPI.create(filters)
    const usual: Record<string, string> = codec === 'libx264' || codec === 'libx265' ? { preset: 'ultrafast' } : codec === 'libvpx-vp9' ? { 'cpu-used': '8', deadline: 'realtime' } : codec === 'libsvtav1' ? { preset: '12' } : {}
    const encoder = await Encoder.create(codec as FFEncoderCodec, { filter, bitrate: codec.startsWith('lib') && codec !== 'libsvtav1' || codec === 'aac' ? '96k' : undefined, options: { ...usual, ...more } as Record<string, string> })
    const at = muxer.addStream(encoder)
    tracks.push(async () => {
      for await (const packet of encoder.packets(filter.frames(decoder.frames(demuxer.packets(stream.index))))) {
        await muxer.writePacket(packet, at)
        packet?.free()
      }
    })
  }
  if (video) await track(`testsrc2=size=${size}:rate=25:duration=${seconds}`, [look, `format=${pixels}`].filter(Boolean).join(','), video, videoOptions)
  if (audio) await track(sound ?? `sine=frequency=440:duration=${seconds}`, hear ?? audioFormats[audio] ?? 'aformat=sample_fmts=fltp:sample_rates=44100:channel_layouts=stereo', audio)
  await Promise.all(tracks.map((run) => run()))
  await muxer.close()
  for (const source of sources) await source.close()
  if (turned) await turn(path)
  return readFile(path)
}
