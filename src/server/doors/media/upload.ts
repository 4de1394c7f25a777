import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { Busboy } from '@fastify/busboy'
import type { BusboyHeaders } from '@fastify/busboy'
import type { App } from '../../app.ts'
import type { Account } from '../../domain/accounts/index.ts'
import { acceptUpload, mostCoverBytes, mostUploadBytes, setCover } from '../../domain/media/index.ts'
import type { MediaView } from '../../domain/media/index.ts'
import { invalid, tooLarge } from '../../platform/errors.ts'

/** How long we go on reading what was refused, so that the browser hears why, ms. */
const drainFor = 20_000

/** Reads one `file` of a multipart form, as it comes; `purpose` stands before it, or in the query. */
export async function takeUpload(app: App, viewer: Account, request: IncomingMessage): Promise<MediaView> {
  const most = await mostUploadBytes(app)
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > most + 64 * 1024) {
    throw drained(request, tooLarge('fileTooLarge', { most: Math.round(most / 1024 / 1024) }))
  }
  const form = openForm(request)
  try {
    const { stream, name, purpose } = await form.file
    const asked = new URL(request.url ?? '/', 'http://localhost').searchParams.get('purpose')
    return await acceptUpload(app, viewer, stream, { name, purpose: purpose || asked || undefined, announced: announced - 64 * 1024 })
  } catch (error) {
    throw drained(request, error)
  } finally {
    form.end()
  }
}

/** Reads one `file` of a multipart form as the cover of one's own song or film. */
export async function takeCover(app: App, viewer: Account, request: IncomingMessage, id: string): Promise<MediaView> {
  if (Number(request.headers['content-length'] ?? 0) > mostCoverBytes + 64 * 1024) throw drained(request, tooLarge('imageTooLarge', { most: mostCoverBytes / 1024 / 1024 }))
  const form = openForm(request)
  try {
    return await setCover(app, viewer, id, (await form.file).stream)
  } catch (error) {
    throw drained(request, error)
  } finally {
    form.end()
  }
}

type Found = { stream: Readable; name: string; purpose: string }

function openForm(request: IncomingMessage): { file: Promise<Found>; end(): void } {
  const { promise, resolve, reject } = Promise.withResolvers<Found>()
  let file: Readable | undefined
  let end = () => {}
  try {
    const form = new Busboy({ headers: request.headers as BusboyHeaders, limits: { files: 1, fields: 10, fieldSize: 2000, headerPairs: 50, parts: 12 } })
    let purpose = ''
    form.on('field', (field, value) => { if (field === 'purpose') purpose = value })
    form.on('file', (field, stream, name) => {
      if (field !== 'file' || file) { stream.resume(); return }
      file = stream
      resolve({ stream, name: name ?? '', purpose })
    })
    const broken = () => {
      file?.destroy(invalid('uploadBroken'))
      reject(invalid('uploadBroken'))
    }
    form.on('finish', () => reject(invalid('fileEmpty')))
    form.on('error', broken)
    request.on('error', broken)
    request.on('close', () => { if (!request.complete) broken() })
    request.pipe(form)
    end = () => {
      request.unpipe(form)
      if (!request.destroyed) request.resume()
    }
  } catch {
    reject(invalid('badForm'))
  }
  return { file: promise, end: () => end() }
}

/** Lets the rest of a refused body run off for a while; gives back the error. */
function drained(request: IncomingMessage, error: unknown): unknown {
  request.resume()
  const timer = setTimeout(() => request.destroy(), drainFor)
  timer.unref()
  request.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer))
  return error
}
