import type { Tune } from './tune.ts'

/** A QuickTime film of JPEG frames with its music: what a simple camera writes. Hearth makes it playable like any other upload. */
export function quickTime(frames: Buffer[], perSecond: number, size: { width: number; height: number }, music: Tune): Buffer {
  const sound = Buffer.from(music.samples.buffer, 0, Math.min(music.samples.byteLength, Math.floor(frames.length / perSecond * music.rate) * 4))
  const head = box('ftyp', Buffer.from('qt  ', 'latin1'), u32(0x200), Buffer.from('qt  ', 'latin1'))
  const pictureAt = head.length + 8
  const soundAt = pictureAt + frames.reduce((sum, frame) => sum + frame.length, 0)
  const seconds = frames.length / perSecond
  const video = track(1, seconds, 600, size, 'vide', box('vmhd', u32(1), u32(0), u32(0)), pictureEntry(size), [
    box('stts', u32(0), u32(1), u32(frames.length), u32(600 / perSecond)),
    box('stsc', u32(0), u32(1), u32(1), u32(frames.length), u32(1)),
    box('stsz', u32(0), u32(0), u32(frames.length), ...frames.map((frame) => u32(frame.length))),
    box('stco', u32(0), u32(1), u32(pictureAt)),
  ])
  const audio = track(2, seconds, music.rate, { width: 0, height: 0 }, 'soun', box('smhd', u32(0), u32(0)), soundEntry(music.rate), [
    box('stts', u32(0), u32(1), u32(sound.length / 4), u32(1)),
    box('stsc', u32(0), u32(1), u32(1), u32(sound.length / 4), u32(1)),
    box('stsz', u32(0), u32(4), u32(sound.length / 4)),
    box('stco', u32(0), u32(1), u32(soundAt)),
  ])
  const movie = box('moov', box('mvhd', u32(0), u32(0), u32(0), u32(600), u32(seconds * 600), u32(0x10000), u16(0x100), zeros(10), matrix, zeros(24), u32(3)), video, audio)
  return Buffer.concat([head, box('mdat', ...frames, sound), movie])
}

function track(id: number, seconds: number, scale: number, size: { width: number; height: number }, kind: string, media: Buffer, entry: Buffer, tables: Buffer[]): Buffer {
  return box('trak',
    box('tkhd', u32(0xf), u32(0), u32(0), u32(id), u32(0), u32(seconds * 600), zeros(8), u16(0), u16(0), u16(kind === 'soun' ? 0x100 : 0), u16(0), matrix, u32(size.width * 65_536), u32(size.height * 65_536)),
    box('mdia',
      box('mdhd', u32(0), u32(0), u32(0), u32(scale), u32(seconds * scale), u16(0x55c4), u16(0)),
      box('hdlr', u32(0), Buffer.from('mhlr', 'latin1'), Buffer.from(kind, 'latin1'), zeros(12), Buffer.from([0])),
      box('minf', media, box('dinf', box('dref', u32(0), u32(1), box('url ', u32(1)))), box('stbl', box('stsd', u32(0), u32(1), entry), ...tables))))
}

const pictureEntry = ({ width, height }: { width: number; height: number }) =>
  box('jpeg', zeros(6), u16(1), zeros(16), u16(width), u16(height), u32(0x480000), u32(0x480000), u32(0), u16(1), zeros(32), u16(24), u16(0xffff))
const soundEntry = (rate: number) => box('sowt', zeros(6), u16(1), zeros(8), u16(2), u16(16), u16(0), u16(0), u32(rate * 65_536))

function box(name: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([u32(body.length + 8), Buffer.from(name, 'latin1'), body])
}
const zeros = (count: number) => Buffer.alloc(count)
const u16 = (value: number) => { const made = Buffer.alloc(2); made.writeUInt16BE(value); return made }
const u32 = (value: number) => { const made = Buffer.alloc(4); made.writeUInt32BE(Math.floor(value) >>> 0); return made }
const matrix = Buffer.concat([u32(0x10000), zeros(12), u32(0x10000), zeros(12), u32(0x40000000)])
