// Pictures full of what must not get out, and pictures that mean harm; all made on the spot.
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import type { Sharp } from 'sharp'

/** In every place where a file can keep words. None of them may be served. */
export const secrets = ['SecretCam', 'SecretPlace', 'SecretAuthor', 'SecretTrail']
const place = { IFD0: { Make: 'SecretCam', Artist: 'SecretAuthor' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 31/1 12/1', GPSLongitudeRef: 'E', GPSLongitude: '13/1 24/1 36/1' } }
const xmp = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:City="SecretPlace"/></rdf:RDF></x:xmpmeta>'

const u32 = (value: number) => { const to = Buffer.alloc(4); to.writeUInt32BE(value >>> 0); return to }
const u16le = (...values: number[]) => { const to = Buffer.alloc(values.length * 2); values.forEach((value, at) => to.writeUInt16LE(value, at * 2)); return to }

/** Something to see: a smooth ground with shapes and a little noise. `seed` makes another one. */
export async function scene(width = 900, height = 600, seed = 1): Promise<Sharp> {
  const hue = (part: number) => `hsl(${(seed * 67 + part * 97) % 360} 70% ${30 + (seed * 13 + part * 17) % 45}%)`
  const shapes = Array.from({ length: 14 }, (_, at) => {
    const [x, y, size] = [(seed * 31 + at * 61) % 100, (seed * 17 + at * 43) % 100, 6 + (seed * 7 + at * 29) % 26]
    return at % 3 === 0 ? `<circle cx="${x}" cy="${y}" r="${size / 2}" fill="${hue(at)}"/>` : `<rect x="${x - size / 2}" y="${y - size / 3}" width="${size}" height="${size / 1.5}" fill="${hue(at)}" transform="rotate(${at * 23} ${x} ${y})"/>`
  })
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 100 100" preserveAspectRatio="none"><defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="${hue(20)}"/><stop offset="1" stop-color="${hue(33)}"/></linearGradient></defs><rect width="100" height="100" fill="url(#g)"/>${shapes.join('')}</svg>`
  return sharp(await sharp(Buffer.from(svg)).flatten({ background: '#fff' }).png({ compressionLevel: 1 }).toBuffer())
}

export const profileOf = async (name: 'p3' | 'srgb') => (await sharp(await sharp({ create: { width: 1, height: 1, channels: 3, background: '#000' } }).withIccProfile(name).png().toBuffer()).metadata()).icc!

/** Puts segments behind a JPEG's first marker. */
const withSegments = (jpeg: Buffer, ...segments: [marker: number, body: Buffer][]) => Buffer.concat([jpeg.subarray(0, 2),
  ...segments.flatMap(([marker, body]) => [Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255]), body]), jpeg.subarray(2)])

/** A photo with Exif, XMP, IPTC, a comment, a wide colour profile, and a second picture behind its end, as phones write for HDR. */
export async function talkativeJpeg(): Promise<Buffer> {
  const main = await (await scene()).withIccProfile('p3').withExif({ ...place, IFD0: { ...place.IFD0, Orientation: '6' } }).withXmp(xmp).jpeg().toBuffer()
  const second = withSegments(await sharp({ create: { width: 90, height: 60, channels: 3, background: '#777' } }).withExif(place).jpeg().toBuffer(), [0xfe, Buffer.from('SecretTrail')])
  const iptc = Buffer.concat([Buffer.from('Photoshop 3.0\x008BIM\x04\x04\0\0', 'latin1'), u32(16), Buffer.from([0x1c, 2, 90, 0, 11]), Buffer.from('SecretPlace')])
  const index = Buffer.concat([Buffer.from('MPF\0', 'latin1'), Buffer.from('MM\0*', 'latin1'), u32(8), Buffer.from([0, 1, 0xb0, 1, 0, 4]), u32(1), u32(2), u32(0)])
  return Buffer.concat([withSegments(main, [0xed, iptc], [0xfe, Buffer.from('SecretAuthor was here')], [0xe2, index]), second])
}

/** A photo with a map of depths before its size, of so many bytes. */
export const deepJpeg = async (bytes: number) => withSegments(await (await scene(400, 300)).jpeg().toBuffer(), ...Array.from({ length: Math.ceil(bytes / 65_000) }, (): [number, Buffer] => [0xe1, Buffer.alloc(65_000, 'http://ns.adobe.com/xmp/extension/\0')]))

/** A JPEG for HDR screens: the usual picture, and a map of gains behind it, both described in XMP. */
export async function gainMapJpeg(): Promise<Buffer> {
  const gains = withSegments(await sharp({ create: { width: 450, height: 300, channels: 3, background: '#888' } }).greyscale().jpeg().toBuffer(),
    [0xe1, Buffer.from('http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0" hdrgm:GainMapMax="2.0" hdrgm:HDRCapacityMax="2.0" note="SecretTrail"/></rdf:RDF></x:xmpmeta>', 'latin1')])
  const words = `http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0" xmlns:Container="http://ns.google.com/photos/1.0/container/" xmlns:Item="http://ns.google.com/photos/1.0/container/item/"><Container:Directory><rdf:Seq><rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="Primary" Item:Mime="image/jpeg"/></rdf:li><rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="GainMap" Item:Mime="image/jpeg" Item:Length="${gains.length}"/></rdf:li></rdf:Seq></Container:Directory></rdf:Description></rdf:RDF></x:xmpmeta>`
  return Buffer.concat([withSegments(await (await scene()).jpeg().toBuffer(), [0xe1, Buffer.from(words, 'latin1')]), gains])
}

export const pngChunk = (type: string, data: Buffer) => Buffer.concat([u32(data.length), Buffer.from(type, 'latin1'), data, u32(crc32(data, crc32(Buffer.from(type, 'latin1'))))])

/** A PNG with Exif, XMP, three kinds of text and a time. */
export async function talkativePng(): Promise<Buffer> {
  const png = await (await scene(400, 300)).withExif(place).withXmp(xmp).png().toBuffer()
  return Buffer.concat([png.subarray(0, 33), pngChunk('tEXt', Buffer.from('Author\0SecretAuthor', 'latin1')), pngChunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), deflateSync('SecretPlace')])),
    pngChunk('iTXt', Buffer.from('Location\0\0\0\0\0SecretPlace', 'latin1')), pngChunk('tIME', Buffer.from([7, 0xea, 1, 2, 3, 4, 5])), png.subarray(33)])
}

export const talkativeWebp = async () => (await scene(400, 300)).withExif(place).withXmp(xmp).webp().toBuffer()
export const talkativeAvif = async () => (await scene(400, 300)).withExif(place).withXmp(xmp).avif({ effort: 0 }).toBuffer()

/** A GIF of so many frames of one pixel each on a canvas of this size, with a comment in it. */
export function gifOf(frames: number, width = 1, height = 1): Buffer {
  const frame = Buffer.concat([Buffer.from([0x21, 0xf9, 4, 0, 5, 0, 0, 0, 0x2c]), u16le(0, 0, 1, 1), Buffer.from([0, 2, 2, 0x44, 1, 0])])
  return Buffer.concat([Buffer.from('GIF89a', 'latin1'), u16le(width, height), Buffer.from([0x80, 0, 0, 0xc2, 0x41, 0x0c, 255, 255, 255]),
    Buffer.from([0x21, 0xfe, 12]), Buffer.from('SecretAuthor', 'latin1'), Buffer.from([0]), ...Array.from({ length: frames }, () => frame), Buffer.from([0x3b])])
}

/** An animated PNG whose frames have these colours. */
export async function apng(colours: string[], width = 64, height = 48): Promise<Buffer> {
  const parts: Buffer[] = []
  let order = 0
  const chunksOf = (png: Buffer) => { const found: [string, Buffer][] = []; for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) found.push([png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + png.readUInt32BE(at))]); return found }
  for (const [index, background] of colours.entries()) {
    const chunks = chunksOf(await sharp({ create: { width, height, channels: 3, background } }).png().toBuffer())
    if (index === 0) parts.push(Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), pngChunk('IHDR', chunks[0]![1]), pngChunk('acTL', Buffer.concat([u32(colours.length), u32(0)])), pngChunk('tEXt', Buffer.from('Author\0SecretAuthor', 'latin1')))
    parts.push(pngChunk('fcTL', Buffer.concat([u32(order++), u32(width), u32(height), u32(0), u32(0), Buffer.from([0, 1, 0, 5, 0, 0])])))
    for (const [type, data] of chunks) if (type === 'IDAT') parts.push(index === 0 ? pngChunk('IDAT', data) : pngChunk('fdAT', Buffer.concat([u32(order++), data])))
  }
  return Buffer.concat([...parts, pngChunk('IEND', Buffer.alloc(0))])
}

/** The same AVIF or HEIC with another size in its header. */
export function claiming(heif: Buffer, width: number, height: number): Buffer {
  const lying = Buffer.from(heif)
  for (let at = lying.indexOf('ispe'); at >= 0; at = lying.indexOf('ispe', at + 4)) { lying.writeUInt32BE(width, at + 8); lying.writeUInt32BE(height, at + 12) }
  return lying
}

/** The same JPEG with another size in its header. */
export function claimingJpeg(jpeg: Buffer, width: number, height: number): Buffer {
  const lying = Buffer.from(jpeg)
  const at = lying.indexOf(Buffer.from([0xff, 0xc0, 0, 17]))
  lying.writeUInt16BE(height, at + 5)
  lying.writeUInt16BE(width, at + 7)
  return lying
}

/** A WebP of few bytes that says it is this large. */
export function webpBomb(width: number, height: number): Buffer {
  const header = Buffer.alloc(30)
  header.write('RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0', 'latin1')
  header.writeUIntLE(width - 1, 24, 3)
  header.writeUIntLE(height - 1, 27, 3)
  return header
}
