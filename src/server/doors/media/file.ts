import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { App } from '../../app.ts'
import { storedName, whoMayFetch } from '../../domain/media/index.ts'
import type { FetchRule } from '../../domain/media/index.ts'
import { seePost } from '../../domain/posts/index.ts'
import { isHearthError, notFound } from '../../platform/errors.ts'
import type { ViewerOf } from './index.ts'
import { readRange } from './range.ts'

const pattern = /^[A-Za-z0-9._-]{1,100}$/

/** The posts room decides; missing and hidden are the same. */
const maySeePost: FetchRule = (app, viewer, postId) => seePost(app, viewer, postId).then(() => true, (error: unknown) => {
  if (isHearthError(error)) return false
  throw error
})

/** Sends one file of a media item, or a part of it, to whoever may see the post it belongs to. */
export async function sendFile(app: App, request: IncomingMessage, response: ServerResponse, asked: { key: string; file: string; viewerOf: ViewerOf }): Promise<void> {
  if (!pattern.test(asked.key) || !pattern.test(asked.file)) throw notFound()
  const found = await whoMayFetch(app, asked.key, asked.file, asked.viewerOf, maySeePost)
  if (!found) throw notFound()
  const { variant, everybody } = found
  const name = storedName(asked.key, asked.file)
  const stored = await app.files.stat(name)
  if (!stored) throw notFound()
  const etag = `"${asked.key}-${stored.bytes}-${asked.file}"`
  const headers = {
    etag,
    'cache-control': everybody ? 'public, max-age=31536000, immutable' : 'private, max-age=3600',
    ...(everybody ? {} : { vary: 'cookie' }),
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'accept-ranges': 'bytes',
  }
  if (request.headers['if-none-match']?.split(/\s*,\s*/).includes(etag)) { response.writeHead(304, headers).end(); return }
  const ifRange = request.headers['if-range']
  const range = request.headers.range && (!ifRange || ifRange === etag) ? readRange(request.headers.range, stored.bytes) : undefined
  if (range === 'impossible') { response.writeHead(416, { ...headers, 'content-range': `bytes */${stored.bytes}` }).end(); return }
  const length = range ? range.end - range.start + 1 : stored.bytes
  const content = request.method === 'HEAD' ? undefined : await app.files.read(name, range)
  response.writeHead(range ? 206 : 200, {
    ...headers, 'content-type': variant.mime, 'content-length': length, ...(range ? { 'content-range': `bytes ${range.start}-${range.end}/${stored.bytes}` } : {}),
  })
  if (!content) { response.end(); return }
  // A reader who leaves early is no error.
  await pipeline(content, response).catch(() => response.destroy())
}
