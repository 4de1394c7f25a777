import { createReadStream } from 'node:fs'
import { z } from 'zod'
import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import type { MediaView } from '#server/domain/media/index.ts'
import { acceptUpload, describeMedia, mostCoverBytes, mostUploadBytes, removeMedia, seeMedia, setCover } from '#server/domain/media/index.ts'
import { MediaAttachment, mediaEntity } from '#server/entities/index.ts'
import { ApiError } from '../errors.ts'
import type { Route, SentFile } from '../route.ts'
import { route } from '../route.ts'
import { maybe, pathId, words } from '../values.ts'
import { focusOf } from './focus.ts'

const said = { description: maybe(words(10_000)), focus: maybe(words(40)) }
const files = { file: mostUploadBytes, thumbnail: mostCoverBytes } as const

export const mediaRoutes: Route[] = [
  ...(['/api/v1/media', '/api/v2/media'] as const).map((path) => route({
    method: 'POST', path, summary: 'Upload a picture, film or sound', note: 'Answered with 202 while it is being made ready: ask for it until it is no longer 206. It is decided by content, never by name. `thumbnail` is the cover of a sound or the poster of a film; a picture is its own.', access: 'member', scope: 'write:media', files, body: said, answer: MediaAttachment,
    async handle({ app, me, files: sent, body, reply, speaker }) {
      const file = sent.get('file')?.[0]
      if (!file) throw new ApiError(422, 'Validation failed: File can’t be blank', { details: { file: [{ error: 'ERR_BLANK', description: 'A file is needed' }] } })
      const stream = createReadStream(file.path)
      const made = await acceptUpload(app, me, stream, { name: file.name }).finally(() => stream.destroy())
      // A form that is refused leaves nothing behind.
      const view = await withRest(app, me, made, body, sent).catch(async (error: unknown) => { await removeMedia(app, me, made.id).catch(() => {}); throw error })
      if (view.state !== 'ready' && path === '/api/v2/media') reply.status = 202
      return mediaEntity(view, speaker)
    },
  })),
  route({
    method: 'GET', path: '/api/v1/media/:id', summary: 'An own upload, as it stands', note: '206 while it is being made ready, 422 when it could not be read.', access: 'member', scope: 'write:media', params: { id: pathId }, answer: MediaAttachment,
    async handle({ app, me, params, reply, speaker }) {
      const view = await seeMedia(app, me, params.id)
      if (view.state === 'failed') throw new ApiError(422, 'This file could not be made ready', { code: view.error })
      if (view.state !== 'ready') reply.status = 206
      return mediaEntity(view, speaker)
    },
  }),
  route({
    method: 'PUT', path: '/api/v1/media/:id', summary: 'Describe an own upload', note: '`thumbnail` becomes the cover of a sound or the poster of a film, also when a post shows it already.', access: 'member', scope: 'write:media', params: { id: pathId }, files: { thumbnail: files.thumbnail }, body: said, answer: MediaAttachment,
    async handle({ app, me, params, files: sent, body, speaker }) { return mediaEntity(await withRest(app, me, await seeMedia(app, me, params.id), body, sent), speaker) },
  }),
  route({
    method: 'DELETE', path: '/api/v1/media/:id', summary: 'Take back an upload that no post uses', access: 'member', scope: 'write:media', params: { id: pathId }, answer: z.object({}),
    async handle({ app, me, params }) { await seeMedia(app, me, params.id); await removeMedia(app, me, params.id); return {} },
  }),
]

/** What else the form says of it: words, the point that matters, and its own picture where it is no picture itself. */
async function withRest(app: App, me: Account, view: MediaView, body: { description?: string; focus?: string }, sent: Map<string, SentFile[]>): Promise<MediaView> {
  const described = body.description !== undefined || body.focus !== undefined ? await describeMedia(app, me, view.id, { description: body.description, focus: focusOf(body.focus) }) : view
  const thumbnail = sent.get('thumbnail')?.[0]
  if (!thumbnail || (view.kind !== 'audio' && view.kind !== 'video')) return described
  const stream = createReadStream(thumbnail.path)
  return await setCover(app, me, view.id, stream).finally(() => stream.destroy())
}
