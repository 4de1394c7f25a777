import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { mkdirSync } from 'node:fs'
import { FileStore } from '@tus/file-store'
import { Server } from '@tus/server'
import type { App } from '../../app.ts'
import type { Account } from '../../domain/accounts/index.ts'
import { beginUpload, checkBeginning, endUpload, finishUpload, ownUpload, uploadsFolder } from '../../domain/media/index.ts'
import { isHearthError, notFound, notSignedIn } from '../../platform/errors.ts'
import { isNoRoom } from '../../platform/room/index.ts'

const path = '/media/uploads/resumable'
const pieces = 16 * 1024

/**
 * Uploads in pieces by the tus protocol (https://tus.io/protocols/resumable-upload, version 1.0.0): begun with their
 * length, sent on from wherever they broke off, for a day. Only the member who began one can see, send, or end it.
 */
export function tusDoor(app: App): (request: IncomingMessage, response: ServerResponse, viewer: Account) => Promise<void> {
  const who = new AsyncLocalStorage<Account>()
  const viewerNow = () => who.getStore() ?? fail(notSignedIn())
  mkdirSync(uploadsFolder(app), { recursive: true })
  const server = new Server({
    path, relativeLocation: true, respectForwardedHeaders: false, disableTerminationForFinishedUploads: true,
    datastore: new FileStore({ directory: uploadsFolder(app) }),
    async namingFunction(request, metadata) {
      return plain(() => beginUpload(app, viewerNow(), { name: metadata?.['filename'] ?? '', type: metadata?.['filetype'] ?? '', purpose: metadata?.['purpose'] ?? '', bytes: Number(request.headers.get('upload-length') ?? 0), head: Buffer.from(metadata?.['head'] ?? '', 'base64') }))
    },
    async onIncomingRequest(request, id) {
      // A new one has no owner yet.
      if (request.method === 'POST' || request.method === 'OPTIONS') return
      await plain(async () => {
        const { mediaId } = await ownUpload(app, viewerNow(), id)
        // What was made of it may be asked for; the bytes are no longer here.
        if (mediaId) throw notFound('uploadGone')
        if (request.method === 'PATCH' && Number(request.headers.get('upload-offset') ?? 0) > pieces) {
          await checkBeginning(app, id).catch(async (error: unknown) => { await endUpload(app, viewerNow(), id); throw error })
        }
      })
    },
    async onUploadFinish(_request, upload) {
      const view = await plain(() => finishUpload(app, viewerNow(), upload.id))
      return { headers: { 'Upload-Media': view.id } }
    },
    onResponseError(_request, error) {
      if (isNoRoom(error)) return { status_code: 507, body: JSON.stringify({ error: 'diskFull', params: {} }) }
      if (error instanceof Error) app.log.warn('an upload failed', { error: error.stack ?? String(error) })
      return undefined
    },
  })
  return (request, response, viewer) => who.run(viewer, async () => {
    // Deferred lengths would go around every limit.
    if (request.headers['upload-defer-length'] !== undefined) return refuse(response, 400, { error: 'badValue', params: {} })
    if (request.method === 'HEAD') {
      const whole = await wholeUpload(app, viewer, (request.url ?? '').split('?', 1)[0]!.split('/').at(-1)!)
      // Its bytes have gone on, but a sender that never heard so asks where to begin: at the end.
      if (whole) {
        response.writeHead(200, { 'tus-resumable': '1.0.0', 'upload-offset': whole.bytes, 'upload-length': whole.bytes, 'upload-media': whole.mediaId, 'cache-control': 'no-store' }).end()
        return
      }
    }
    await server.handle(request, response)
  })
}

async function wholeUpload(app: App, viewer: Account, id: string): Promise<{ bytes: number; mediaId: string } | undefined> {
  const { bytes, mediaId } = await ownUpload(app, viewer, id)
  return mediaId ? { bytes, mediaId } : undefined
}

/** tus takes errors as `{ status_code, body }`; ours become JSON that the page can put into words. */
async function plain<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    if (!isHearthError(error)) throw error
    throw { status_code: error.status, body: JSON.stringify({ error: error.code, params: error.params }) }
  }
}

function refuse(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}

const fail = (error: unknown): never => { throw error }
