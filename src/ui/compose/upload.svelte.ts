import type { MediaView } from '#server/domain/media/index.ts'
import { newKey } from './kept.ts'

export type Problem = { code: string; params?: Record<string, string | number> }
const door = '/media/uploads'
const wait = (ms: number) => new Promise((done) => setTimeout(done, ms))

/** One file on its way into a post: sent, then made ready by the server. */
export class Upload {
  readonly key = newKey()
  readonly name: string
  readonly file: File | null
  /** an address of the file in this browser, for a picture at once */
  readonly local: string | null = null
  media = $state.raw<MediaView | null>(null)
  state = $state<'sending' | 'processing' | 'ready' | 'failed'>('sending')
  /** 0 … 1 of what is going on now */
  progress = $state(0)
  problem = $state<Problem | null>(null)
  description = $state('')
  title = $state('')
  artist = $state('')
  #request: XMLHttpRequest | null = null
  #gone = false
  #unsaved = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(from: File | MediaView) {
    if (from instanceof File) {
      this.file = from
      this.name = from.name
      this.local = /^(image|video)\//.test(from.type) ? URL.createObjectURL(from) : null
    } else {
      this.file = null
      this.name = ''
      this.take(from)
    }
  }

  get kind(): 'image' | 'video' | 'audio' {
    if (this.media) return this.media.kind === 'animation' ? 'image' : this.media.kind
    const kind = this.file?.type.split('/')[0]
    return kind === 'video' || kind === 'audio' ? kind : 'image'
  }
  /** chosen, but not under way yet */
  get waiting(): boolean { return this.state === 'sending' && !this.#request && !this.media }
  get wantsDescription(): boolean {
    return this.kind === 'image' && this.state !== 'failed' && this.description.trim() === ''
  }

  /** Sends the file; resolves when the server has it or has refused it. Never throws. */
  send(): Promise<void> {
    if (!this.file || this.#request || this.media) return Promise.resolve()
    const body = new FormData()
    body.append('file', this.file)
    this.state = 'sending'
    this.problem = null
    this.progress = 0
    return new Promise((done) => {
      const request = this.#request = new XMLHttpRequest()
      request.open('POST', door)
      request.responseType = 'text'
      request.setRequestHeader('accept', 'application/json')
      request.upload.onprogress = (event) => { if (event.lengthComputable) this.progress = event.loaded / event.total }
      request.onload = () => {
        const answer = read(request.responseText)
        if (request.status < 300 && answer && 'id' in answer) {
          this.take(answer as MediaView)
          this.describe()
          void this.watch()
        } else this.fail(answer && 'error' in answer ? { code: String(answer.error), params: answer.params as Problem['params'] } : { code: request.status === 413 ? 'fileTooLarge' : 'internal' })
      }
      request.onerror = () => this.fail({ code: 'offline' })
      request.onloadend = () => { this.#request = null; done() }
      request.send(body)
    })
  }

  /** Tries again what failed: the sending, or only the question how it went. */
  retry(): Promise<void> {
    if (this.media && this.file) void fetch(`${door}/${this.media.id}`, { method: 'DELETE' }).catch(() => {})
    if (this.file) this.media = null
    return this.send()
  }

  /** Stops the sending and takes back what the server has. Files of a post that is edited stay until it is saved. */
  remove(keepOnServer = false): void {
    this.#gone = true
    clearTimeout(this.#timer)
    this.#request?.abort()
    if (this.local) URL.revokeObjectURL(this.local)
    if (this.media && !keepOnServer) void fetch(`${door}/${this.media.id}`, { method: 'DELETE', keepalive: true }).catch(() => {})
  }

  /** Stops asking; the server keeps what it has. */
  leave(): void {
    this.#gone = true
    if (this.local) URL.revokeObjectURL(this.local)
  }

  /** Asks now and then until the server has made the file ready. */
  async watch(): Promise<void> {
    for (let pause = 500; this.state === 'processing' && !this.#gone; pause = Math.min(pause * 1.4, 5000)) {
      await wait(pause)
      if (this.#gone || !this.media) return
      const response = await fetch(`${door}/${this.media.id}`, { headers: { accept: 'application/json' } }).catch(() => null)
      if (response?.status === 404) return this.fail({ code: 'uploadGone' })
      if (response?.ok) this.take(await response.json() as MediaView)
    }
  }

  /** Writes description, title and artist to the server, a moment after the last key. */
  describe(): void {
    this.#unsaved = true
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.saveWords(), 700)
  }

  /** Writes them now. False when that failed: they stay here, to be tried again. */
  async saveWords(): Promise<boolean> {
    clearTimeout(this.#timer)
    if (!this.#unsaved || !this.media) return true
    if (!this.description && !this.title && !this.artist && !this.media.description) { this.#unsaved = false; return true }
    this.#unsaved = false
    const words = { description: this.description, ...(this.kind === 'audio' ? { title: this.title, artist: this.artist } : {}) }
    const response = await fetch(`${door}/${this.media.id}`, { method: 'PATCH', headers: { 'content-type': 'application/json', accept: 'application/json' }, body: JSON.stringify(words) }).catch(() => null)
    if (!response?.ok) this.#unsaved = true
    return response?.ok === true
  }

  take(media: MediaView): void {
    const first = !this.media
    this.media = media
    if (first) {
      this.description ||= media.description
      this.title ||= media.music?.title ?? ''
      this.artist ||= media.music?.artist ?? ''
    } else if (!this.#unsaved) {
      this.title ||= media.music?.title ?? ''
      this.artist ||= media.music?.artist ?? ''
    }
    this.state = media.state === 'ready' ? 'ready' : media.state === 'failed' ? 'failed' : 'processing'
    this.progress = media.progress
    if (media.state === 'failed') this.problem = { code: media.error ?? 'internal' }
  }

  fail(problem: Problem): void {
    this.state = 'failed'
    this.problem = problem
  }
}

/** Uploads that a kept draft remembers; those the server no longer has are left out. */
export async function restoreUploads(ids: string[]): Promise<Upload[]> {
  const found = await Promise.all(ids.map(async (id) => {
    const response = await fetch(`${door}/${id}`, { headers: { accept: 'application/json' } }).catch(() => null)
    return response?.ok ? new Upload(await response.json() as MediaView) : null
  }))
  const uploads = found.filter((one) => one !== null)
  for (const one of uploads) void one.watch()
  return uploads
}

function read(text: string): Record<string, unknown> | null {
  try { return JSON.parse(text) as Record<string, unknown> } catch { return null }
}
