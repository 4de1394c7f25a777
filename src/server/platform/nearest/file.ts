import { open, rename, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { readSegment } from './segment.ts'
import type { Segment } from './segment.ts'

const piece = 64 * 1024 * 1024
const magic = 'HNEAR001'
const headBytes = 24

/** Writes indexes into a file, whole or not at all. */
export async function saveSegments(path: string, segments: Segment[]): Promise<void> {
  const partial = `${path}.${process.pid}.part`
  const file = await open(partial, 'w')
  try {
    for (const { buffer } of segments) {
      const bytes = new Uint8Array(buffer)
      const head = Buffer.alloc(headBytes)
      head.write(magic, 'latin1')
      head.writeBigUInt64LE(BigInt(bytes.length), 8)
      head.writeUInt32LE(sumOf(bytes), 16)
      await file.write(head)
      for (let at = 0; at < bytes.length; at += piece) await file.write(bytes, at, Math.min(piece, bytes.length - at))
    }
    await file.sync()
    await file.close()
    await rename(partial, path)
  } catch (error) {
    await file.close().catch(() => {})
    await rm(partial, { force: true })
    throw error
  }
}

/** The indexes of a file; null where it isn't there, or isn't as it was written. */
export async function loadSegments(path: string): Promise<Segment[] | null> {
  const file = await open(path, 'r').catch(() => null)
  if (!file) return null
  try {
    const { size } = await file.stat()
    const segments: Segment[] = []
    for (let at = 0; at < size;) {
      const head = Buffer.alloc(headBytes)
      await fill(file, head, at)
      const length = Number(head.readBigUInt64LE(8))
      if (head.toString('latin1', 0, 8) !== magic || at + headBytes + length > size) return null
      const buffer = new SharedArrayBuffer(length)
      const bytes = new Uint8Array(buffer)
      await fill(file, bytes, at + headBytes)
      const segment = sumOf(bytes) === head.readUInt32LE(16) ? readSegment(buffer) : null
      if (!segment) return null
      segments.push(segment)
      at += headBytes + length
    }
    return segments
  } finally {
    await file.close()
  }
}

async function fill(file: FileHandle, into: Uint8Array, from: number): Promise<void> {
  for (let at = 0; at < into.length;) {
    const { bytesRead } = await file.read(into, at, Math.min(piece, into.length - at), from + at)
    if (bytesRead === 0) throw new Error('the file ends too early')
    at += bytesRead
  }
}

function sumOf(bytes: Uint8Array): number {
  let sum = 0
  for (let at = 0; at < bytes.length; at += piece) sum = crc32(bytes.subarray(at, Math.min(at + piece, bytes.length)), sum)
  return sum
}
