import { Readable } from 'node:stream'
import { error } from '@sveltejs/kit'
import { openKept } from '#server/domain/desk/index.ts'
import { orErrorPage } from '../../../../../../forms.server.ts'
import { staffOf } from '../../../../../staff.server.ts'
import type { RequestHandler } from './$types.ts'

/** A kept file, for moderators who have its case open. Never kept by caches; it can't do anything in a page of its own. */
export const GET: RequestHandler = async ({ locals, url, params, request }) => {
  const viewer = staffOf(locals, url)
  const range = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(request.headers.get('range') ?? '')
  const start = range ? Number(range[1]) : 0
  const file = await orErrorPage(() => openKept(locals.app, viewer, { caseId: params.id, mediaId: params.media, name: params.name, first: start === 0 }))
  if (range && start >= file.bytes) return new Response(null, { status: 416, headers: { 'content-range': `bytes */${file.bytes}` } })
  const end = range ? Math.min(range[2] ? Number(range[2]) : file.bytes - 1, file.bytes - 1) : file.bytes - 1
  const stream = await locals.app.files.read(file.stored, range ? { start, end } : undefined)
  if (!stream) error(404, 'notFound', { code: 'notFound' })
  return new Response(Readable.toWeb(stream) as ReadableStream, { status: range ? 206 : 200, headers: {
    'content-type': file.mime, 'content-length': String(end - start + 1), 'accept-ranges': 'bytes', 'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'; sandbox",
    'content-disposition': 'inline', ...range ? { 'content-range': `bytes ${start}-${end}/${file.bytes}` } : {},
  } })
}
