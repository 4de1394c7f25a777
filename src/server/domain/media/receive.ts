import { Readable } from 'node:stream'
import type { App } from '#server/app.ts'
import { invalid, tooLarge } from '#server/platform/errors.ts'
import { openDigests } from './digests.ts'
import type { Digests } from './digests.ts'
import { limits } from './limits.ts'
import { sizeFromHeader } from './size.ts'
import type { Size } from './size.ts'
import { isNoMedia, sniff } from './sniff.ts'
import type { MediaPurpose } from './types.ts'

export type Received = { kind: 'image' | 'video' | 'audio'; mime: string; bytes: number; width: number | null; height: number | null } & Digests

/** Large enough for a JPEG's thumbnails and colour profile before its size; some phones put a whole map of depths there. */
const headBytes = 512 * 1024
const longestHeadBytes = 6 * 1024 * 1024

/** Stores the stream under `name`; refuses what isn't on the list, or too large, before the rest has come. Nothing stays behind then. */
export async function examine(app: App, stream: Readable, name: string, purpose: MediaPurpose, mostBytes: Record<Received['kind'], number>): Promise<Received> {
  const source = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  const first: Buffer[] = []
  let length = 0
  const upTo = async (bytes: number) => {
    while (length < bytes) {
      const { value, done } = await source.next()
      if (done) break
      first.push(value)
      length += value.length
    }
    return Buffer.concat(first)
  }
  let head = await upTo(headBytes)
  if (head.length === 0) throw invalid('fileEmpty')
  const type = await sniff(head)
  if (!type || (purpose !== 'post' && type.kind !== 'image')) throw invalid('fileTypeUnknown')
  let size = type.kind === 'image' ? sizeFromHeader(type.mime, head) : undefined
  if (type.kind === 'image') {
    if (!size && type.mime === 'image/jpeg') {
      head = await upTo(longestHeadBytes)
      size = sizeFromHeader(type.mime, head)
    }
    if (!size || size.width < 1 || size.height < 1) throw invalid('imageBroken')
    demandPixels(size)
  }
  const most = mostBytes[type.kind]
  const digests = openDigests('sha256', 'md5', 'sha1')
  let bytes = 0
  const bounded = async function* () {
    const take = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > most) throw tooLarge(`${type.kind}TooLarge`, { most: Math.round(most / 1024 / 1024) })
      digests.update(chunk)
      return chunk
    }
    yield take(head)
    for (;;) {
      const { value, done } = await source.next()
      if (done) return
      yield take(value)
    }
  }
  await app.files.put(name, Readable.from(bounded(), { objectMode: false, highWaterMark: 64 * 1024 }))
  return { kind: type.kind, mime: type.mime, bytes, ...digests.done(), width: size?.width ?? null, height: size?.height ?? null }
}

function demandPixels({ width, height }: Size): void {
  if (width * height > limits.pixels || Math.max(width, height) > limits.side) throw tooLarge('tooManyPixels', { most: limits.pixels / 1_000_000 })
}

/** Throws what a file that begins like this is refused for in any case: fileTypeUnknown, tooManyPixels. Its first thousand bytes tell most of it. */
export async function foresee(head: Buffer, purpose: MediaPurpose): Promise<void> {
  const type = await sniff(head)
  if (type ? purpose !== 'post' && type.kind !== 'image' : await isNoMedia(head)) throw invalid('fileTypeUnknown')
  const size = type?.kind === 'image' ? sizeFromHeader(type.mime, head) : undefined
  if (size) demandPixels(size)
}
