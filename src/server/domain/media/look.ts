import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { App } from '#server/app.ts'
import { isChildError } from '#server/platform/child/index.ts'
import { turns } from '#server/platform/fingerprint/index.ts'
import { invalid } from '#server/platform/errors.ts'
import type { MediaPrint } from './fingerprints.ts'
import { openDigests } from './digests.ts'
import { limits } from './limits.ts'
import { picturesOf } from './maker.ts'
import { sniff } from './sniff.ts'

/**
 * The fingerprints of a file that isn't stored and isn't kept. Of films and sound only the hashes of their bytes: their pictures
 * are taken when they are made ready. `sender`: whose it is. Throws fileTypeUnknown, or what a broken picture fails with.
 */
export async function lookAtFile(app: App, sender: string, path: string): Promise<Omit<MediaPrint, 'mediaId' | 'ready'>> {
  const head = Buffer.alloc(8192)
  const file = await open(path, 'r')
  const { bytesRead } = await file.read(head, 0, head.length, 0).finally(() => file.close())
  const type = await sniff(head.subarray(0, bytesRead))
  if (!type) throw invalid('fileTypeUnknown')
  const digests = openDigests('sha256', 'md5', 'sha1')
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) digests.update(chunk)
  const seen = type.kind === 'image' ? await picturesOf(app).look(sender, { input: path, format: type.mime.slice('image/'.length), pixels: limits.pixels, frames: limits.frames })
    .catch((error: unknown) => { throw isChildError(error) ? invalid(error.code) : error }) : []
  return {
    kind: type.kind, ...digests.done(),
    frames: seen.map(({ frameAt, quality, hashes }) => ({ frameAt, quality, hashes: turns.map((_, at) => hashes.subarray(at * 32, at * 32 + 32)) })),
  }
}
