import type { MediaView } from '#server/domain/media/index.ts'
import { forgetFile, keepFile, keptFile } from './kept-files.ts'
import { newKey } from './kept.ts'
import type { Sending } from './resumable.ts'

export type Problem = { code: string; params?: Record<string, string | number> }
const door = '/media/uploads'
const spoken = ['description', 'title', 'artist', 'album'] as const
const wait = (ms: number) => new Promise((done) => setTimeout(done, ms))

/** A file that was on its way when the page went: enough to go on from where it was. `url` is empty while the server has not heard of it. */
export type KeptSending = { key: string; url: string; name: string; size: number; type: string }

/** One file on its way into a post: sent in pieces, then made ready by the server. */
export class Upload {
  readonly key: string
  readonly name: string
  file = $state.raw<File | null>(null)
  /** an address of the file in this browser, for a picture at once */
  local = $state<string | null>(null)
  media = $state.raw<MediaView | null>(null)
  /** offline: goes on by itself when the connection is back · lost: goes on once the same file is chosen again */
  state = $state<'sending' | 'offline' | 'lost' | 'processing' | 'ready' | 'failed'>('sending')
  /** 0 … 1 of what is going on now */
  progress = $state(0)
  problem = $state<Problem | null>(null)
  description = $state('')
  title = $state('')
  artist = $state('')
  album = $state('')
  focus = $state({ x: 0, y: 0 })
  #kept = $state.raw<KeptSending | null>(null)
  #sending: Sending | null = null
  #begun = false
  #gone = false
  #unsaved = false
  /** what the server says these words are */
  #known = { description: '', title: '', artist: '', album: '' }
  /** the words the member wrote: only these are sent, and no answer overwrites them */
  #own = new Set<(typeof spoken)[number]>()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(from: File | MediaView | KeptSending, again?: File) {
    if (from instanceof File) {
      this.key = newKey()
      this.name = from.name
      this.#hold(from)
      this.#store(from)
    } else if ('url' in from && 'size' in from) {
      this.key = from.key
      this.name = from.name
      this.#kept = from
      if (again) this.#hold(again)
      else void this.#seek()
    } else {
      this.key = newKey()
      this.name = ''
      this.take(from)
    }
  }
  #hold(file: File): void {
    this.file = file
    if (!this.local && /^(image|video)\//.test(file.type)) this.local = URL.createObjectURL(file)
  }
  #stored = false
  /** From the moment it was chosen a reload doesn't ask for it again. */
  #store(file: File): void {
    if (!this.#stored) void keepFile(this.key, file)
    this.#stored = true
  }
  #forget(): void {
    this.#stored = false
    void forgetFile(this.key)
  }
  async #seek(): Promise<void> {
    this.state = 'lost'
    if (!this.#kept?.url) return
    const { ask, progressAt } = await import('./resumable.ts')
    const { url } = this.#kept
    let progress = await progressAt(url)
    while (progress === undefined) {
      await connection()
      if (this.#gone || this.state !== 'lost') return
      progress = await progressAt(url)
    }
    // It had arrived, only the answer got lost.
    const whole = progress === 1 ? await ask(url) : undefined
    if (this.#gone || this.state !== 'lost') return
    this.progress = progress ?? 0
    if (whole && 'media' in whole) {
      this.take(whole.media)
      void this.watch()
    } else if (whole && 'problem' in whole) this.fail(whole.problem)
    else if (progress === null) this.fail({ code: 'uploadGone' })
  }

  get kind(): 'image' | 'video' | 'audio' {
    const kind = (this.file?.type || this.#kept?.type)?.split('/')[0]
    // A recorded sound comes in a film's container: until the server has looked inside, the browser knows better.
    if (this.media?.kind === 'video' && this.media.state !== 'ready' && kind === 'audio') return kind
    if (this.media) return this.media.kind === 'animation' ? 'image' : this.media.kind
    return kind === 'video' || kind === 'audio' ? kind : 'image'
  }
  /** chosen, but not under way yet */
  get waiting(): boolean { return this.state === 'sending' && !this.#begun && !this.media && this.file !== null }
  /** is its way to the server not over? */
  get coming(): boolean { return this.state === 'sending' || this.state === 'offline' }
  get wantsDescription(): boolean {
    return this.kind === 'image' && this.state !== 'failed' && this.description.trim() === ''
  }
  /** What a draft must remember to go on after a reload. */
  get kept(): KeptSending | null {
    if (this.media || this.state === 'failed') return null
    return this.#kept ?? (this.file && { key: this.key, url: '', name: this.file.name, size: this.file.size, type: this.file.type })
  }

  /** Is this the file that was lost? Then it goes on from where it was. */
  isSame(file: File): boolean { return this.state === 'lost' && this.#kept?.name === file.name && this.#kept.size === file.size }
  found(file: File): void {
    this.#hold(file)
    this.#begun = false
    this.state = 'sending'
  }

  /** Sends the file; resolves when the server has it or has refused it. Without a connection it waits for one. Never throws. */
  async send(): Promise<void> {
    const { file } = this
    if (!file || this.#begun || this.media) return
    this.#begun = true
    this.state = 'sending'
    this.problem = null
    try {
      if (!this.#kept?.url) this.#store(file)
      for (;;) {
        if (this.#gone) return
        // What sends it may not be here yet either.
        const way = await import('./resumable.ts').catch(() => null)
        if (this.#gone) return
        if (!way) {
          this.state = 'offline'
          await connection()
          continue
        }
        this.#sending = way.sendResumable(file, {
          url: this.#kept?.url || undefined,
          onurl: (url) => { this.#kept = { key: this.key, url, name: file.name, size: file.size, type: file.type } },
          onprogress: (progress) => { this.progress = progress; this.state = 'sending' },
        })
        const result = await this.#sending.done
        this.#sending = null
        if (this.#gone) return
        if ('offline' in result) {
          this.state = 'offline'
          await connection()
          this.state = 'sending'
          continue
        }
        this.#forget()
        if ('media' in result) {
          this.take(result.media)
          this.describe()
          void this.watch()
        } else this.fail(result.problem)
        return
      }
    } catch {
      this.fail({ code: 'offline' })
    } finally {
      this.#begun = false
    }
  }

  /** Tries again what failed, from the beginning. */
  retry(): Promise<void> {
    if (this.media && this.file) void fetch(`${door}/${this.media.id}`, { method: 'DELETE' }).catch(() => {})
    if (this.file) this.media = null
    this.#kept = null
    this.progress = 0
    return this.send()
  }

  /** Stops the sending and takes back what the server has. Files of a post that is edited stay until it is saved. */
  remove(keepOnServer = false): void {
    this.#gone = true
    clearTimeout(this.#timer)
    this.#sending?.pause()
    this.#forget()
    if (this.local) URL.revokeObjectURL(this.local)
    if (this.media && !keepOnServer) void fetch(`${door}/${this.media.id}`, { method: 'DELETE', keepalive: true }).catch(() => {})
    else if (this.#kept?.url && !this.media) void fetch(this.#kept.url, { method: 'DELETE', keepalive: true, headers: { 'tus-resumable': '1.0.0' } }).catch(() => {})
  }

  /** Stops asking; the server keeps what it has. */
  leave(): void {
    this.#gone = true
    this.#sending?.pause()
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

  covering = $state(false)
  coverProblem = $state<Problem | null>(null)
  /** Shows this picture with a song or before a film; null takes it away. Did it work? */
  async cover(file: File | null): Promise<boolean> {
    if (!this.media || this.covering) return false
    this.covering = true
    this.coverProblem = null
    const body = new FormData()
    if (file) body.append('file', file)
    try {
      const response = await fetch(`${door}/${this.media.id}/cover`, { method: file ? 'POST' : 'DELETE', headers: { accept: 'application/json' }, ...(file ? { body } : {}) })
      const answer = await response.json() as MediaView & { error?: string; params?: Problem['params'] }
      const waited = this.state === 'processing'
      if (response.ok && !this.#gone) {
        this.take(answer)
        // A new picture is looked at before it is shown.
        if (!waited) void this.watch()
      }
      if (!response.ok) this.coverProblem = { code: answer.error ?? 'internal', params: answer.params }
      return response.ok
    } catch {
      this.coverProblem = { code: 'offline' }
      return false
    } finally {
      this.covering = false
    }
  }

  /** Writes the words to the server, a moment after the last key. */
  describe(): void {
    for (const word of spoken) if (this[word] !== this.#known[word]) this.#own.add(word)
    this.#unsaved = true
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.saveWords(), 700)
  }

  #focused = false
  /** The point of a picture that must not be cut off; -1 … 1 each, the middle is 0. */
  look(x: number, y: number): void {
    const bound = (value: number) => Math.round(Math.max(-1, Math.min(1, value)) * 100) / 100
    this.focus = { x: bound(x), y: bound(y) }
    this.#focused = true
    this.describe()
  }

  #saving: Promise<Problem | null> = Promise.resolve(null)
  /** Writes them now, after what is being written already. Answers why not when that failed: they stay here, to be tried again. */
  saveWords(): Promise<Problem | null> {
    clearTimeout(this.#timer)
    return this.#saving = this.#saving.then(() => this.#write())
  }
  async #write(): Promise<Problem | null> {
    if (!this.#unsaved || !this.media) return null
    this.#unsaved = false
    if (!this.#own.size && !this.#focused) return null
    const words = { ...Object.fromEntries([...this.#own].map((word) => [word, this[word]])), ...this.#focused ? { focus: { ...this.focus } } : {} }
    const response = await fetch(`${door}/${this.media.id}`, { method: 'PATCH', headers: { 'content-type': 'application/json', accept: 'application/json' }, body: JSON.stringify(words) }).catch(() => null)
    if (response?.ok) return null
    this.#unsaved = true
    const answer = await response?.json().catch(() => null) as { error?: string; params?: Problem['params'] } | null | undefined
    return { code: answer?.error ?? 'notSent', params: answer?.params }
  }

  take(media: MediaView): void {
    if (!this.media && !this.#focused) this.focus = { ...media.focus }
    this.media = media
    // Tags are read while the member may be typing already.
    this.#known = { description: media.description, ...media.music ?? { title: '', artist: '', album: '' } }
    for (const word of spoken) if (!this.#own.has(word)) this[word] ||= this.#known[word]
    this.state = media.state === 'ready' ? 'ready' : media.state === 'failed' ? 'failed' : 'processing'
    this.progress = media.progress
    if (media.state === 'failed') this.problem = { code: media.error ?? 'internal' }
  }

  fail(problem: Problem): void {
    this.state = 'failed'
    this.problem = problem
  }
}

/** Resolves when the browser thinks it is connected; asks now and then anyhow, for it is often wrong. */
function connection(): Promise<void> {
  return new Promise((done) => {
    const go = () => { clearTimeout(timer); removeEventListener('online', go); done() }
    const timer = setTimeout(go, 15_000)
    addEventListener('online', go)
  })
}

/** Uploads that were under way when the page went. */
export const restoreSendings = (list: KeptSending[]): Promise<Upload[]> => Promise.all(list.map(async (one) => new Upload(one, await keptFile(one.key))))

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

