// The playlists of HLS, made from the MP4 files themselves: each is written in fragments and closed as an ordinary MP4
// (FFmpeg's hybrid_fragmented), so that one file serves both. Segments are byte ranges of it.
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

export type Segment = { at: number; bytes: number; seconds: number }
export type Indexed = { head: { at: number; bytes: number }; segments: Segment[]; codecs: string }

const wanted = 4 // seconds a segment lasts at least

type Box = { type: string; at: number; head: number; size: number }

/** Finds the fragments in a file made by `movieFile`. Throws where there are none. */
export async function indexFragments(path: string, duration: number): Promise<Indexed> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const outer = await boxes(file, 0, size)
    // Closing the file turned all fragments into the content of one 'mdat'.
    const hidden = outer.find((box) => box.type === 'mdat')
    if (!hidden) throw new Error('no fragments')
    const inner = await boxes(file, hidden.at + hidden.head, hidden.at + hidden.size)
    const [type, movie] = [inner.find((box) => box.type === 'ftyp'), inner.find((box) => box.type === 'moov')]
    if (!type || !movie || movie.at !== type.at + type.size) throw new Error('no head of fragments')
    const head = await read(file, type.at, type.size + movie.size)
    const scale = timescale(head)
    const parts: { at: number; bytes: number; time: number }[] = []
    for (const box of inner) {
      if (box.type === 'moof') parts.push({ at: box.at, bytes: box.size, time: firstTime(await read(file, box.at, box.size)) / scale })
      else if (box.type === 'mdat') { const part = parts.at(-1); if (part) part.bytes += box.size }
    }
    const segments: Segment[] = []
    parts.forEach((part, index) => {
      const seconds = Math.max(0.001, (parts[index + 1]?.time ?? duration) - part.time)
      const last = segments.at(-1)
      if (last && last.seconds < wanted - 0.05) { last.seconds += seconds; last.bytes += part.bytes } else segments.push({ at: part.at, bytes: part.bytes, seconds })
    })
    return { head: { at: type.at, bytes: head.length }, segments, codecs: codecsOf(head) }
  } finally {
    await file.close()
  }
}

async function boxes(file: FileHandle, from: number, to: number): Promise<Box[]> {
  const found: Box[] = []
  for (let at = from; at + 8 <= to;) {
    const bytes = await read(file, at, Math.min(16, to - at))
    const long = bytes.readUInt32BE(0) === 1
    const size = long ? Number(bytes.readBigUInt64BE(8)) : bytes.readUInt32BE(0)
    if (size < 8 || at + size > to) break
    found.push({ type: bytes.toString('latin1', 4, 8), at, head: long ? 16 : 8, size })
    at += size
  }
  return found
}

async function read(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at)
  return buffer.subarray(0, bytesRead)
}

/** Ticks a second of the first track, which is the picture. */
function timescale(head: Buffer): number {
  const at = head.indexOf('mdhd') + 4
  return head.readUInt32BE(at + (head[at] === 1 ? 20 : 12)) || 1
}

/** When the first track's part of a fragment begins. */
function firstTime(moof: Buffer): number {
  const at = moof.indexOf('tfdt') + 4
  return moof[at] === 1 ? Number(moof.readBigUInt64BE(at + 4)) : moof.readUInt32BE(at + 4)
}

function codecsOf(head: Buffer): string {
  const at = head.indexOf('avcC') + 4
  const video = `avc1.${head.subarray(at + 1, at + 4).toString('hex')}`
  return head.includes('mp4a') ? `${video},mp4a.40.2` : video
}

/** A rendition's playlist; it names only the file beside it. */
export function mediaPlaylist({ head, segments }: Indexed, file: string): string {
  const longest = Math.max(1, ...segments.map((one) => Math.ceil(one.seconds)))
  return ['#EXTM3U', '#EXT-X-VERSION:7', `#EXT-X-TARGETDURATION:${longest}`, '#EXT-X-PLAYLIST-TYPE:VOD', '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-MAP:URI="${file}",BYTERANGE="${head.bytes}@${head.at}"`,
    ...segments.flatMap((one) => [`#EXTINF:${one.seconds.toFixed(6)},`, `#EXT-X-BYTERANGE:${one.bytes}@${one.at}`, file]), '#EXT-X-ENDLIST', ''].join('\n')
}

export type Listed = Indexed & { playlist: string; width: number; height: number; frameRate: number }

/** The playlist of playlists, best first. */
export function masterPlaylist(all: Listed[]): string {
  const lines = all.flatMap((one) => {
    const rates = one.segments.map((segment) => segment.bytes * 8 / segment.seconds)
    const average = one.segments.reduce((sum, segment) => sum + segment.bytes, 0) * 8 / Math.max(0.001, one.segments.reduce((sum, segment) => sum + segment.seconds, 0))
    return [`#EXT-X-STREAM-INF:BANDWIDTH=${Math.ceil(Math.max(...rates, 1))},AVERAGE-BANDWIDTH=${Math.ceil(average)},CODECS="${one.codecs}",RESOLUTION=${one.width}x${one.height},FRAME-RATE=${one.frameRate.toFixed(3)}`, one.playlist]
  })
  return ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS', ...lines, ''].join('\n')
}
