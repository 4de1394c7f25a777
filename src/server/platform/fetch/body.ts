import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream'
import type { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import { fetchError } from './error.ts'

const decoders = { gzip: createGunzip, 'x-gzip': createGunzip, br: createBrotliDecompress, deflate: createInflate, zstd: createZstdDecompress }
/** What we can read. */
export const acceptedEncodings = 'gzip, br, deflate, zstd'

/** The content, unpacked, up to so many bytes of it: what is longer is cut off there, or refused ('tooLarge'). Nothing is read beyond. */
export async function readBody(response: IncomingMessage, most: number, tooLong: 'cut' | 'refuse'): Promise<{ body: Buffer; cut: boolean }> {
  const encoding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (tooLong === 'refuse' && Number(response.headers['content-length'] ?? 0) > most) throw fetchError('tooLarge', 'announced')
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of unpacked(response, encoding) as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > most && tooLong === 'refuse') throw fetchError('tooLarge', encoding)
    parts.push(part)
    // Leaving the loop ends the connection.
    if (bytes > most) break
  }
  return { body: Buffer.concat(parts).subarray(0, most), cut: bytes > most }
}

function unpacked(response: IncomingMessage, encoding: string): Readable {
  if (encoding === 'identity' || encoding === '') return response
  if (!Object.hasOwn(decoders, encoding)) throw fetchError('unreachable', `packed as ${encoding.slice(0, 40)}`)
  return pipeline(response, decoders[encoding as keyof typeof decoders](), () => {})
}
