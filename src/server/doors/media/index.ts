import type { IncomingMessage, ServerResponse } from 'node:http'
import type { App } from '../../app.ts'
import type { Account } from '../../domain/accounts/index.ts'
import { describeMedia, endUpload, finishUpload, removeCover, removeMedia, seeMedia } from '../../domain/media/index.ts'
import type { MediaView } from '../../domain/media/index.ts'
import { seeMediaOfPost } from '../../domain/posts/index.ts'
import { isHearthError, notAllowed, notFound, notSignedIn } from '../../platform/errors.ts'
import { bearerOf } from '../../platform/http/index.ts'
import { cardFile } from '../../domain/cards/index.ts'
import { readFileAddress, sendFile, sendFound } from './file.ts'
import { answerError, answerJson } from './answer.ts'
import { readWords } from './words.ts'
import { takeCover, takeUpload } from './upload.ts'
import { tusDoor } from './tus.ts'

export type ViewerOf = () => Promise<Account | null>

/** Answers everything below /media/: uploads as JSON, and the files themselves. Never rejects. */
export function mediaDoor(app: App) {
  const tus = tusDoor(app)
  return async (request: IncomingMessage, response: ServerResponse, viewerOf: ViewerOf): Promise<void> => {
    try {
      await answer(app, tus, request, response, viewerOf)
    } catch (error) {
      if (response.destroyed && response.headersSent) return
      await answerError(app, request, response, error, viewerOf)
    }
  }
}

async function answer(app: App, tus: ReturnType<typeof tusDoor>, request: IncomingMessage, response: ServerResponse, viewerOf: ViewerOf): Promise<void> {
  const [, , room, first = '', second = '', ...more] = (request.url ?? '').split('?', 1)[0]!.split('/')
  const method = request.method ?? 'GET'
  if (room === 'files') {
    const asked = readFileAddress([first, second, ...more])
    if (!asked || (method !== 'GET' && method !== 'HEAD')) throw notFound()
    return sendFile(app, request, response, { ...asked, viewerOf })
  }
  if (room === 'cards') {
    if (!readFileAddress([first, second, ...more]) || more.length || (method !== 'GET' && method !== 'HEAD')) throw notFound()
    return sendFound(app, request, response, await cardFile(app, first, second))
  }
  if (room !== 'uploads' || (second && first !== 'resumable' && second !== 'cover') || more.length > 1) throw notFound()
  // A token is sent on purpose, a cookie by itself.
  if (method !== 'GET' && bearerOf(request) === undefined) requireSameOrigin(app, request)
  const viewer = await viewerOf()
  if (method === 'GET' && first && !second && first !== 'resumable') return answerJson(response, 200, await watch(app, viewer, first))
  if (!viewer) throw notSignedIn()
  if (first === 'resumable') {
    // Whole: what has it become? Answered once the last piece is there, any number of times.
    if (method === 'POST' && second && more[0] === 'media') return answerJson(response, 201, await finishUpload(app, viewer, second))
    if (more.length) throw notFound()
    if (method === 'DELETE' && second) {
      await endUpload(app, viewer, second)
      response.writeHead(204, { 'cache-control': 'no-store', 'tus-resumable': '1.0.0' }).end()
      return
    }
    return tus(request, response, viewer)
  }
  if (second === 'cover' && more.length === 0) {
    if (method === 'POST') return answerJson(response, 200, await takeCover(app, viewer, request, first))
    if (method === 'DELETE') return answerJson(response, 200, await removeCover(app, viewer, first))
    throw notFound()
  }
  if (method === 'POST' && !first) return answerJson(response, 201, await takeUpload(app, viewer, request))
  if (method === 'PATCH' && first) return answerJson(response, 200, await describeMedia(app, viewer, first, await readWords(request)))
  if (method === 'DELETE' && first) {
    await removeMedia(app, viewer, first)
    response.writeHead(204, { 'cache-control': 'no-store' }).end()
    return
  }
  throw notFound()
}

/** How an item stands: for its owner always, for others once it is part of a post they may see. */
async function watch(app: App, viewer: Account | null, id: string): Promise<MediaView> {
  const missing = (error: unknown) => { if (!isHearthError(error) || error.status !== 404) throw error }
  const own = viewer ? await seeMedia(app, viewer, id).catch(missing) : undefined
  const found = own ?? await seeMediaOfPost(app, viewer, id).catch(missing)
  if (!found) throw viewer ? notFound('uploadGone') : notSignedIn()
  return found
}

/** Browsers say where a request comes from; what says nothing is no browser, and carries no cookie of one. */
function requireSameOrigin(app: App, request: IncomingMessage): void {
  const { origin, 'sec-fetch-site': site } = request.headers
  const own = [app.config.publicUrl, `${request.headers['x-hearth-protocol'] ?? 'http'}://${request.headers['x-hearth-host'] ?? request.headers.host}`]
  if (origin !== undefined ? !own.includes(origin) : site !== undefined && site !== 'same-origin' && site !== 'none') throw notAllowed('crossSite')
}
