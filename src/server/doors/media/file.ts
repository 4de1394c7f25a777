import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { App } from '../../app.ts'
import { whoMayFetch } from '../../domain/media/index.ts'
import type { FetchedFile } from '../../domain/media/index.ts'
import { maySeePost, seePost } from '../../domain/posts/index.ts'
import type { PostId } from '../../domain/posts/index.ts'
import { notFound } from '../../platform/errors.ts'
import type { ViewerOf } from './index.ts'
import { readRange } from './range.ts'

const pattern = /^[A-Za-z0-9._-]{1,100}$/
const passPattern = /^~[A-Za-z0-9._-]{1,60}$/

/** `~pass/KEY/FILE` or `KEY/FILE`; undefined for anything else. */
export function readFileAddress(parts: string[]): { key: string; file: string; pass?: string } | undefined {
  const [file = '', key = '', pass, ...more] = parts.toReversed()
  if (more.length || !pattern.test(key) || !pattern.test(file) || (pass !== undefined && !passPattern.test(pass))) return undefined
  return { key, file, pass }
}

/** Sends one file of a media item, or a part of it, to whoever may see the post it belongs to. */
export async function sendFile(app: App, request: IncomingMessage, response: ServerResponse, asked: { key: string; file: string; pass?: string; viewerOf: ViewerOf }): Promise<void> {
  // The posts room decides; missing and hidden are the same.
  return sendFound(app, request, response, await whoMayFetch(app, asked, asked.viewerOf, maySeePost, (own, viewer, postId) => seePost(own, viewer, postId as PostId)))
}

/** Sends a file that was found, or says that there is none. */
export async function sendFound(app: App, request: IncomingMessage, response: ServerResponse, found: FetchedFile | undefined): Promise<void> {
  if (!found) throw notFound()
  const bytes = found.bytes ?? (await app.files.stat(found.name))?.bytes
  if (bytes === undefined) throw notFound()
  const etag = `"${found.tag}"`
  const headers = headersFor(found, etag)
  if (request.headers['if-none-match']?.split(/\s*,\s*/).some((one) => one === '*' || one.replace(/^W\//, '') === etag)) { response.writeHead(304, headers).end(); return }
  const ifRange = request.headers['if-range']
  const range = request.headers.range && (!ifRange || ifRange === etag) ? readRange(request.headers.range, bytes) : undefined
  if (range === 'impossible') { response.writeHead(416, { ...headers, 'content-range': `bytes */${bytes}` }).end(); return }
  const content = request.method === 'HEAD' ? undefined : await app.files.read(found.name, range)
  if (!content && request.method !== 'HEAD') throw notFound()
  response.writeHead(range ? 206 : 200, {
    ...headers, 'content-type': typeOf(found.mime), 'content-length': range ? range.end - range.start + 1 : bytes, ...(range ? { 'content-range': `bytes ${range.start}-${range.end}/${bytes}` } : {}),
  })
  if (!content) { response.end(); return }
  // A reader who leaves early is no error.
  await pipeline(content, response).catch(() => response.destroy())
}

/**
 * What is everybody's, or carries its permission in its address, other sites and apps may show too; what a session opens is this
 * site's alone. Nothing is kept for longer than its address holds.
 */
function headersFor(found: FetchedFile, etag: string) {
  const bySession = !found.everybody && found.seconds === null
  return {
    etag,
    'cache-control': found.everybody ? 'public, max-age=31536000, immutable' : `private, max-age=${Math.min(3600, found.seconds ?? 3600)}`,
    ...(bySession ? { vary: 'cookie', 'cross-origin-resource-policy': 'same-origin' } : { 'cross-origin-resource-policy': 'cross-origin', 'access-control-allow-origin': '*', 'access-control-expose-headers': 'content-range, content-length' }),
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'accept-ranges': 'bytes',
  }
}

const typeOf = (mime: string) => mime.startsWith('text/') ? `${mime}; charset=utf-8` : mime
