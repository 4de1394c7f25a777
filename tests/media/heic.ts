// HEIC files as phones write them: tiles of HEVC in a grid, with a turn, a colour profile and a place in them.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Decoder, Demuxer, Encoder, FilterAPI, Muxer } from 'node-av/api'
import { FF_ENCODER_LIBX265 } from 'node-av/constants'
import sharp from 'sharp'

export type Heic = {
  /** colours of the tiles, row by row */
  tiles: string[][]
  /** what is shown of the tiles together */
  width: number
  height: number
  /** quarters anticlockwise, as the file says them */
  turn?: 0 | 1 | 2 | 3
  /** turned over, left and right exchanged */
  mirrored?: boolean
  tenBits?: boolean
  profile?: Buffer
  /** what the header claims instead of the true size */
  claims?: { width: number; height: number }
}

const side = 128
const u16 = (...values: number[]) => { const to = Buffer.alloc(values.length * 2); values.forEach((value, at) => to.writeUInt16BE(value, at * 2)); return to }
const u32 = (...values: number[]) => { const to = Buffer.alloc(values.length * 4); values.forEach((value, at) => to.writeUInt32BE(value, at * 4)); return to }
const text = (value: string) => Buffer.from(value, 'latin1')
const box = (type: string, ...parts: Buffer[]) => { const body = Buffer.concat(parts); return Buffer.concat([u32(body.length + 8), text(type), body]) }
const fullBox = (type: string, version: number, flags: number, ...parts: Buffer[]) => box(type, u32(version * 2 ** 24 + flags), ...parts)

/** One picture of one colour as HEVC: how to decode it, and its data. */
async function tile(folder: string, colour: string, tenBits: boolean): Promise<{ hvcC: Buffer; data: Buffer }> {
  const path = join(folder, `tile-${colour.replace('#', '')}-${tenBits}.mp4`)
  {
    await using muxer = await Muxer.open(path, { format: 'mp4' })
    await using demuxer = await Demuxer.open(`color=c=${colour}:size=${side}x${side}:rate=1:duration=1`, { format: 'lavfi' })
    using decoder = await Decoder.create(demuxer.streams[0]!)
    using filter = FilterAPI.create(`scale=out_color_matrix=bt601:out_range=pc,format=${tenBits ? 'yuv420p10le' : 'yuv420p'}`)
    using encoder = await Encoder.create(FF_ENCODER_LIBX265, { filter, options: { preset: 'ultrafast', crf: '10', 'x265-params': 'log-level=none:info=0:range=full:colormatrix=smpte170m:keyint=1' } as Record<string, string> })
    const at = muxer.addStream(encoder)
    for await (using packet of encoder.packets(filter.frames(decoder.frames(demuxer.packets(0))))) if (packet) await muxer.writePacket(packet, at)
  }
  const film = await readFile(path)
  const inside = (type: string) => { const at = film.indexOf(type); return film.subarray(at + 4, at - 4 + film.readUInt32BE(at - 4)) }
  const sizes = inside('stsz')
  const offset = inside('stco').readUInt32BE(8)
  return { hvcC: Buffer.concat([u32(inside('hvcC').length + 8), text('hvcC'), inside('hvcC')]), data: film.subarray(offset, offset + (sizes.readUInt32BE(4) || sizes.readUInt32BE(12))) }
}

/** Numbers of the items: the tiles from 1 on, then the grid, then Exif. */
export async function heic(folder: string, wish: Heic): Promise<Buffer> {
  const tiles: { hvcC: Buffer; data: Buffer }[] = []
  for (const colour of wish.tiles.flat()) tiles.push(await tile(folder, colour, wish.tenBits ?? false))
  const grid = tiles.length + 1
  const exif = grid + 1
  const { exif: tags } = await sharp(await sharp({ create: { width: 8, height: 8, channels: 3, background: '#000' } })
    .withExif({ IFD0: { Make: 'SecretCam' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 31/1 12/1' } }).jpeg().toBuffer()).metadata()
  const layout = Buffer.concat([Buffer.from([0, 0, wish.tiles.length - 1, wish.tiles[0]!.length - 1]), u16(wish.width, wish.height)])
  const contents = [...tiles.map((one) => one.data), Buffer.concat([u32(6), tags!])]
  const size = wish.claims ?? wish
  const properties = [tiles[0]!.hvcC, fullBox('ispe', 0, 0, u32(side, side)), fullBox('ispe', 0, 0, u32(size.width, size.height)),
    ...(wish.profile ? [box('colr', text('prof'), wish.profile)] : []), ...(wish.turn ? [box('irot', Buffer.from([wish.turn]))] : []), ...(wish.mirrored ? [box('imir', Buffer.from([1]))] : [])]
  const has = (id: number, list: number[]) => Buffer.concat([u16(id), Buffer.from([list.length, ...list])])
  const gridHas = properties.map((_, at) => at + 1).slice(2).map((at) => at > 3 && !(wish.profile && at === 4) ? at | 0x80 : at)
  const items = [...tiles.map((_, at) => ({ id: at + 1, type: 'hvc1', hidden: 1 })), { id: grid, type: 'grid', hidden: 0 }, { id: exif, type: 'Exif', hidden: 1 }]
  const file = (begin: number): Buffer => {
    let at = begin
    const places = contents.map((one) => { const place = [at, one.length] as const; at += one.length; return place })
    const where = (id: number, method: number, [offset, length]: readonly [number, number]) => Buffer.concat([u16(id, method, 0, 1), u32(offset, length)])
    return Buffer.concat([
      box('ftyp', text('heic'), u32(0), text('mif1heic')),
      fullBox('meta', 0, 0,
        fullBox('hdlr', 0, 0, u32(0), text('pict'), Buffer.alloc(13)),
        fullBox('pitm', 0, 0, u16(grid)),
        fullBox('iinf', 0, 0, u16(items.length), ...items.map(({ id, type, hidden }) => fullBox('infe', 2, hidden, u16(id, 0), text(`${type}\0`)))),
        fullBox('iref', 0, 0, box('dimg', u16(grid, tiles.length, ...tiles.map((_, index) => index + 1))), box('cdsc', u16(exif, 1, grid))),
        box('iprp', box('ipco', ...properties), fullBox('ipma', 0, 0, u32(tiles.length + 1), ...tiles.map((_, index) => has(index + 1, [0x81, 2])), has(grid, gridHas))),
        box('idat', layout),
        fullBox('iloc', 1, 0, u16(0x4400, items.length), ...tiles.map((_, index) => where(index + 1, 0, places[index]!)), where(grid, 1, [0, layout.length]), where(exif, 0, places.at(-1)!))),
      box('mdat', ...contents),
    ])
  }
  const length = file(0).length
  return file(length - contents.reduce((sum, one) => sum + one.length, 0))
}
