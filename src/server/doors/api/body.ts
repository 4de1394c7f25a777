import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import Busboy from '@fastify/busboy'
import qs from 'qs'
import { diskFull, invalid, tooLarge } from '#server/platform/errors.ts'
import { isNoRoom } from '#server/platform/room/index.ts'
import type { SentFile } from './route.ts'

const most = { bytes: 1024 * 1024, fields: 500, depth: 5, list: 100, files: 4 }

/** Rails' way of writing nested fields: `poll[options][]=a&media_ids[]=1`. Used for queries and form bodies. */
export const nested = (text: string): Record<string, unknown> =>
  plain(qs.parse(text, { depth: most.depth, arrayLimit: most.list, parameterLimit: most.fields, ignoreQueryPrefix: true, allowPrototypes: false }))

/** What a form brought: fields as nested values, files on disk until `done` is called. */
export type Form = { body: Record<string, unknown>; files: Map<string, SentFile[]>; done(): Promise<void> }

/**
 * Reads a multipart form, files to disk as they come. Only the files that the route names are taken, each up to its size;
 * others are refused. Throws brokenForm, fileTooLarge; then nothing is left.
 */
export async function readMultipart(request: IncomingMessage, allowed: Record<string, number>, workFolder: string): Promise<Form> {
  await mkdir(workFolder, { recursive: true })
  const folder = await mkdtemp(join(workFolder, 'form-'))
  const done = () => rm(folder, { recursive: true, force: true })
  const pairs: string[] = []
  const files = new Map<string, SentFile[]>()
  const writing: Promise<void>[] = []
  let bytes = 0
  try {
    await new Promise<void>((finish, fail) => {
      const busboy = new Busboy({ headers: request.headers as { 'content-type': string }, limits: { fieldSize: most.bytes, fields: most.fields, files: most.files, parts: most.fields + most.files, headerPairs: 50 } })
      const stop = (error: unknown) => { request.unpipe(busboy); request.resume(); fail(error instanceof Error && 'hearth' in error ? error : invalid('brokenForm')) }
      busboy.on('field', (name, value, _nameCut, valueCut) => {
        bytes += value.length
        if (valueCut || bytes > most.bytes) return stop(tooLarge('formTooLarge'))
        pairs.push(`${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      })
      busboy.on('file', (field, stream, name) => {
        const limit = allowed[field]
        if (limit === undefined) { stream.resume(); return stop(invalid('badValue')) }
        const file: SentFile = { path: join(folder, String(writing.length)), name: name ?? '', bytes: 0 }
        stream.on('data', (chunk: Buffer) => {
          file.bytes += chunk.length
          if (file.bytes > limit) { stream.destroy(); stop(tooLarge('fileTooLarge', { most: Math.floor(limit / 1024 / 1024) })) }
        })
        files.set(field, [...files.get(field) ?? [], file])
        writing.push(pipeline(stream, createWriteStream(file.path, { flags: 'wx', mode: 0o600 })).catch((error: unknown) => stop(isNoRoom(error) ? diskFull() : error)))
      })
      for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const) busboy.on(limit, () => stop(tooLarge('formTooLarge')))
      busboy.on('error', stop)
      busboy.on('finish', finish)
      request.on('aborted', () => stop(invalid('brokenForm')))
      request.pipe(busboy)
    })
    await Promise.all(writing)
    return { body: nested(pairs.join('&')), files, done }
  } catch (error) {
    await done()
    // A form without a boundary isn't even begun.
    throw error instanceof Error && 'hearth' in error ? error : invalid('brokenForm')
  }
}

/** qs keeps objects without a prototype; schemas want plain ones. Bounded by its own limits. */
function plain(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, typeof one === 'object' && one !== null && !Array.isArray(one) ? plain(one as Record<string, unknown>) : one]))
}
