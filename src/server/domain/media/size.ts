export type Size = { width: number; height: number }

/**
 * Width and height as a picture's header tells them, read without any decoder. Undefined where they can't be found in
 * these first bytes.
 */
export function sizeFromHeader(mime: string, head: Buffer): Size | undefined {
  try {
    switch (mime) {
      case 'image/png': return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) }
      case 'image/gif': return { width: head.readUInt16LE(6), height: head.readUInt16LE(8) }
      case 'image/webp': return webp(head)
      case 'image/jpeg': return jpeg(head)
      case 'image/avif':
      case 'image/heic': return heif(head)
      default: return undefined
    }
  } catch {
    return undefined // the header ends too early
  }
}

function webp(head: Buffer): Size | undefined {
  switch (head.toString('latin1', 12, 16)) {
    case 'VP8X': return { width: 1 + head.readUIntLE(24, 3), height: 1 + head.readUIntLE(27, 3) }
    case 'VP8 ': return { width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff }
    case 'VP8L': {
      const bits = head.readUInt32LE(21)
      return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) }
    }
    default: return undefined
  }
}

function jpeg(head: Buffer): Size | undefined {
  for (let at = 2; ;) {
    if (head[at] !== 0xff) return undefined
    const marker = head.readUInt8(at + 1)
    if (marker === 0xff) { at += 1; continue }
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) return { height: head.readUInt16BE(at + 5), width: head.readUInt16BE(at + 7) }
    at += 2 + head.readUInt16BE(at + 2)
  }
}

/** The largest 'ispe' property: an AVIF or HEIC may hold tiles and thumbnails. Its box may be turned; the product is the same. */
function heif(head: Buffer): Size | undefined {
  let found: Size | undefined
  for (let at = head.indexOf('ispe'); at >= 0; at = head.indexOf('ispe', at + 4)) {
    const size = { width: head.readUInt32BE(at + 8), height: head.readUInt32BE(at + 12) }
    if (!found || size.width * size.height > found.width * found.height) found = size
  }
  return found
}
