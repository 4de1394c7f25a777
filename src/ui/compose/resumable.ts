import { DetailedError, Upload as Tus } from 'tus-js-client'
import type { MediaView } from '#server/domain/media/index.ts'
import type { Problem } from './upload.svelte.ts'

const door = '/media/uploads/resumable'
/** Small enough to lose little on a bad connection and to pass proxies, large enough to cost few round trips. */
const piece = 4 * 1024 * 1024

/** So much of a file's beginning is told before it is sent: what it is refused for, it is refused for then. */
const beginning = 1024

export type Sending = { /** stops; what came so far stays on the server */ pause(): void; /** stops and takes back what came */ cancel(): void; done: Promise<{ media: MediaView } | { problem: Problem } | { offline: true }> }
type Options = {
  /** where an earlier try was; it goes on from there */
  url?: string
  onurl(url: string): void
  /** 0 … 1 */
  onprogress(progress: number): void
}

/** Sends a file in pieces, trying again by itself for a while; then says that the connection is gone. Loaded when the first file is chosen. */
export function sendResumable(file: File, { url, onurl, onprogress }: Options): Sending {
  const { promise, resolve } = Promise.withResolvers<Awaited<Sending['done']>>()
  let address = url
  const upload = new Tus(file, {
    endpoint: door, uploadUrl: url, chunkSize: piece, retryDelays: [0, 500, 1500, 3000, 6000], storeFingerprintForResuming: false, removeFingerprintOnSuccess: true,
    metadata: { filename: file.name, filetype: file.type },
    onUploadUrlAvailable() { if (upload.url) { address = upload.url; onurl(upload.url) } },
    onProgress: (sent, all) => onprogress(all ? sent / all : 0),
    // Refused is refused: only the network and our own trouble are worth another try.
    onShouldRetry: (error) => statusOf(error) === 0 || statusOf(error) >= 500 || statusOf(error) === 409 || statusOf(error) === 423,
    onSuccess: () => void ask(address ?? '').then(resolve),
    onError: (error) => {
      const status = statusOf(error)
      // What we were going on from is gone: from the beginning, then.
      if ((status === 404 || status === 410) && url) return resolve({ problem: { code: 'uploadGone' } })
      resolve(status === 0 || status >= 500 ? { offline: true } : { problem: problemOf(error) })
    },
  })
  let stopped = false
  void (url ? Promise.resolve('') : headOf(file)).then((head) => {
    if (head) upload.options.metadata = { ...upload.options.metadata, head }
    if (!stopped) upload.start()
  })
  return { pause() { stopped = true; void upload.abort() }, cancel() { stopped = true; void upload.abort(true).catch(() => {}) }, done: promise }
}

/** The file's first bytes as base64; nothing where they can't be read: sending finds out why. */
const headOf = (file: File): Promise<string> => file.slice(0, beginning).arrayBuffer().then((bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))), () => '')

/** How much of an earlier try the server has, 0 … 1; null when it forgot, undefined when it can't be asked now. */
export async function progressAt(url: string): Promise<number | null | undefined> {
  const response = await fetch(url, { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } }).catch(() => null)
  if (!response || response.status >= 500) return undefined
  if (!response.ok) return null
  const all = Number(response.headers.get('upload-length'))
  return all ? Number(response.headers.get('upload-offset')) / all : 0
}

/** What has the whole file become? Asked again while the connection is bad. */
export async function ask(url: string): Promise<Awaited<Sending['done']>> {
  for (let pause = 500; pause < 20_000; pause *= 2) {
    const response = await fetch(`${url}/media`, { method: 'POST', headers: { accept: 'application/json' } }).catch(() => null)
    if (response?.ok) return { media: await response.json() as MediaView }
    if (response && response.status < 500) return { problem: asProblem(await response.text(), response.status) }
    await new Promise((done) => setTimeout(done, pause))
  }
  return { offline: true }
}

const statusOf = (error: unknown) => error instanceof DetailedError ? error.originalResponse?.getStatus() ?? 0 : 0
const problemOf = (error: unknown) => error instanceof DetailedError ? asProblem(error.originalResponse?.getBody() ?? '', statusOf(error)) : { code: 'internal' }
function asProblem(body: string, status: number): Problem {
  try {
    const read = JSON.parse(body) as { error?: unknown; params?: Problem['params'] }
    if (typeof read.error === 'string') return { code: read.error, params: read.params }
  } catch { /* not ours */ }
  return { code: status === 404 ? 'uploadGone' : status === 413 ? 'fileTooLarge' : 'internal' }
}
