import { createReadStream } from 'node:fs'
import { z } from 'zod'
import { acceptUpload, describeMedia, mostUploadBytes, removeMedia, seeMedia } from '#server/domain/media/index.ts'
import { MediaAttachment, mediaEntity } from '#server/entities/index.ts'
import { ApiError } from '../errors.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { maybe, pathId, words } from '../values.ts'
import { focusOf } from './focus.ts'

const said = { description: maybe(words(10_000)), focus: maybe(words(40)) }
const files = { file: mostUploadBytes, thumbnail: 10 * 1024 * 1024 } as const

export const mediaRoutes: Route[] = [
  ...(['/api/v1/media', '/api/v2/media'] as const).map((path) => route({
    method: 'POST', path, summary: 'Upload a picture, film or sound', note: 'Answered with 202 while it is being made ready: ask for it until it is no longer 206. It is decided by content, never by name.', access: 'member', scope: 'write:media', files, body: said, answer: MediaAttachment,
    async handle({ app, me, files: sent, body, reply, speaker }) {
      const file = sent.get('file')?.[0]
      if (!file) throw new ApiError(422, 'Validation failed: File can’t be blank', { details: { file: [{ error: 'ERR_BLANK', description: 'A file is needed' }] } })
      const stream = createReadStream(file.path)
      const made = await acceptUpload(app, me, stream, { name: file.name }).finally(() => stream.destroy())
      const view = body.description !== undefined || body.focus !== undefined ? await describeMedia(app, me, made.id, { description: body.description, focus: focusOf(body.focus) }) : made
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
    method: 'PUT', path: '/api/v1/media/:id', summary: 'Describe an own upload', access: 'member', scope: 'write:media', params: { id: pathId }, files: { thumbnail: files.thumbnail }, body: said, answer: MediaAttachment,
    async handle({ app, me, params, body, speaker }) { return mediaEntity(await describeMedia(app, me, params.id, { description: body.description, focus: focusOf(body.focus) }), speaker) },
  }),
  route({
    method: 'DELETE', path: '/api/v1/media/:id', summary: 'Take back an upload that no post uses', access: 'member', scope: 'write:media', params: { id: pathId }, answer: z.object({}),
    async handle({ app, me, params }) { await seeMedia(app, me, params.id); await removeMedia(app, me, params.id); return {} },
  }),
]
