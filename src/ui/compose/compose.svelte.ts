import { deserialize } from '$app/forms'
import type { Audience, PostView, ReplyPolicy } from '#server/domain/posts/index.ts'
import { startAudience } from './audience.ts'
import { charactersLeft, mostCharacters } from './count.ts'
import { forgetDraft, isEmpty, keepDraft, newKey, readDraft } from './kept.ts'
import type { KeptDraft, PollDraft } from './kept.ts'
import { Upload, restoreSendings, restoreUploads } from './upload.svelte.ts'
import type { Problem } from './upload.svelte.ts'

export type Writer = { id: string; username: string; avatarUrl: string; defaultAudience: Audience; defaultLanguage: string | null; preferences?: { remindAlt?: boolean; requireAlt?: boolean; replyPolicy?: ReplyPolicy } }
export type Posted = { id: string; url: string; state: PostView['state'] | 'planned'; /** when, for what is planned */ at?: string }
/** What the form's action sends back when it refuses, and what a page hands on to the composer. */
export type Refusal = { code: string; params: NonNullable<Problem['params']>; problems: { field: string; message: string; params?: Problem['params'] }[]; values: Record<string, string> }
type Start = { viewer: Writer; locale: string; replyTo?: PostView; edit?: PostView; quoted?: PostView; text?: string; refusal?: Refusal | null; media?: ConstructorParameters<typeof Upload>[0][] }

export const mostFiles = 10
export const freshPoll = (): PollDraft => ({ options: ['', ''], multiple: false, hideTotals: false, seconds: 86_400 })

/** A post that is being written: its parts, its draft, its way to the server. */
export class Compose {
  readonly context: string
  readonly parent: PostView | undefined
  readonly edited: PostView | undefined
  /** the post that this one will quote */
  quoted = $state.raw<PostView | undefined>()
  /** when it goes out, as a local date and time; null for at once */
  later = $state<string | null>(null)
  text = $state('')
  /** null: no warning wanted */
  warning = $state<string | null>(null)
  audience = $state<Audience>('members')
  language = $state('')
  /** who may answer; what is said in somebody's thread keeps to its rule */
  replyPolicy = $state<ReplyPolicy>('everyone')
  poll = $state<PollDraft | null>(null)
  uploads = $state<Upload[]>([])
  key = $state(newKey())
  status = $state<'idle' | 'waiting' | 'sending'>('idle')
  refusal = $state.raw<Omit<Refusal, 'values'> | null>(null)
  restored = $state(false)
  readonly #start: Start
  #tried = ''

  constructor(start: Start) {
    this.#start = start
    this.parent = start.replyTo?.boostOf ?? start.replyTo
    this.edited = start.edit
    this.context = this.edited ? `edit:${this.edited.id}` : this.parent ? `reply:${this.parent.id}` : start.quoted ? `quote:${start.quoted.id}` : 'new'
    this.#begin()
    if (start.refusal) this.#takeValues(start.refusal)
    this.uploads = (start.media ?? this.edited?.media ?? []).map((one) => new Upload(one))
  }

  /** Back to how it began. */
  #begin(): void {
    const { viewer, locale, text = '' } = this.#start
    const post = this.edited
    this.text = post?.text ?? text
    this.warning = post?.warning || null
    this.audience = post?.audience ?? startAudience(viewer.defaultAudience, this.parent?.audience)
    this.language = post ? post.language ?? '' : viewer.defaultLanguage ?? locale
    this.replyPolicy = post?.replyPolicy ?? (this.parent ? 'everyone' : viewer.preferences?.replyPolicy ?? 'everyone')
    this.poll = null
    this.later = null
    this.quoted = this.#start.quoted?.boostOf ?? this.#start.quoted
    this.uploads = (post?.media ?? []).map((one) => new Upload(one))
    this.key = newKey()
    this.refusal = null
  }

  #takeValues({ values, ...refusal }: Refusal): void {
    this.refusal = refusal
    this.text = values['text'] ?? ''
    this.warning = values['warning'] || null
    this.audience = values['audience'] as Audience || this.audience
    this.language = values['language'] ?? this.language
    this.key = values['key'] || this.key
    this.replyPolicy = values['replyPolicy'] as ReplyPolicy || this.replyPolicy
    const options = Object.entries(values).filter(([name]) => /^poll-\d$/.test(name)).map(([, value]) => value)
    if (options.some(Boolean)) this.poll = { options, multiple: values['poll-multiple'] === 'on', hideTotals: values['poll-hide'] === 'on', seconds: Number(values['poll-seconds']) || 86_400 }
  }

  get left(): number | undefined { return charactersLeft(this.text) }
  get empty(): boolean { return this.text.trim() === '' && this.uploads.length === 0 && !this.poll?.options.some(Boolean) && !this.edited?.poll && !this.edited?.quote && !this.quoted }
  get begun(): boolean { return !isEmpty(this.snapshot()) }
  problemOf(field: string) { return this.refusal?.problems.find((one) => one.field === field) }

  snapshot(): KeptDraft {
    return {
      text: this.text, warning: this.warning, audience: this.audience, language: this.language,
      poll: this.poll ? { ...$state.snapshot(this.poll) } : null,
      mediaIds: this.uploads.flatMap((one) => one.media && one.state !== 'failed' ? [one.media.id] : []), sending: this.uploads.flatMap((one) => one.kept ?? []), key: this.key, at: Date.now(),
    }
  }
  keep(): void {
    if (this.status !== 'idle') return
    const draft = this.snapshot()
    // An edit that changes nothing is no draft.
    if (this.edited && draft.text === this.edited.text && (draft.warning ?? '') === this.edited.warning && draft.mediaIds.join() === this.edited.media.map((one) => one.id).join()) return forgetDraft(localStorage, this.#start.viewer.id, this.context)
    keepDraft(localStorage, this.#start.viewer.id, this.context, draft)
  }
  /** Takes up a kept draft, unless something is written here already. */
  async restore(): Promise<void> {
    const kept = readDraft(localStorage, this.#start.viewer.id, this.context)
    if (!kept || this.refusal || this.#start.text || (!this.edited && !this.empty)) return
    this.text = kept.text
    this.warning = kept.warning
    if (!this.edited) this.audience = startAudience(kept.audience, this.parent?.audience)
    this.language = kept.language
    this.poll = this.edited ? null : kept.poll
    this.key = kept.key
    this.restored = true
    if (kept.mediaIds.length === 0 && kept.sending.length === 0 && !this.edited) return
    const known = new Map(this.uploads.flatMap((one) => one.media ? [[one.media.id, one] as const] : []))
    const others = await restoreUploads(kept.mediaIds.filter((id) => !known.has(id)))
    for (const one of others) if (one.media) known.set(one.media.id, one)
    this.uploads = [...kept.mediaIds.flatMap((id) => known.get(id) ?? []), ...await restoreSendings(kept.sending)]
    this.#sendNext()
  }
  /** Throws the draft away, and the files that were sent for it. */
  discard(): void {
    for (const one of this.uploads) one.remove(this.#isOld(one))
    this.#clear()
  }
  #clear(): void {
    forgetDraft(localStorage, this.#start.viewer.id, this.context)
    this.#start.text = ''
    this.#begin()
    this.restored = false
  }

  /** Sends files at once, three at a time. Answers with how many didn't fit. */
  add(files: Iterable<File>): number {
    const list = [...files].filter((file) => file.size > 0 || file.name).filter((file) => {
      const lost = this.uploads.find((one) => one.isSame(file))
      lost?.found(file)
      return !lost
    })
    const room = Math.max(0, mostFiles - this.uploads.length)
    this.uploads.push(...list.slice(0, room).map((file) => new Upload(file)))
    this.#sendNext()
    return Math.max(0, list.length - room)
  }
  #running = 0
  #sendNext(): void {
    while (this.#running < 3) {
      const next = this.uploads.find((one) => one.waiting)
      if (!next) return
      this.#running++
      void next.send().then(() => { this.#running--; this.#sendNext() })
    }
  }
  move(from: number, to: number): void {
    const [one] = this.uploads.splice(from, 1)
    if (one) this.uploads.splice(Math.max(0, Math.min(to, this.uploads.length)), 0, one)
  }
  remove(at: number): void {
    const [one] = this.uploads.splice(at, 1)
    one?.remove(this.#isOld(one))
  }
  #isOld(one: Upload): boolean { return this.edited?.media.some((media) => media.id === one.media?.id) ?? false }

  /** Sends the post. Null when it was refused or the network failed: `refusal` says why, and everything stays. */
  async send(next: string): Promise<Posted | null> {
    if (this.status !== 'idle') return null
    if (this.empty) return this.#refuse('form', [{ field: 'text', message: 'error.emptyPost' }])
    if ((this.left ?? 0) < 0) return this.#refuse('form', [{ field: 'text', message: 'error.textTooLong', params: { most: mostCharacters } }])
    const bare = this.#start.viewer.preferences?.requireAlt ? this.uploads.filter((one) => one.wantsDescription).length : 0
    if (bare > 0) return this.#refuse('form', [{ field: 'media', message: 'error.altMissing' }])
    this.refusal = null
    this.status = 'waiting'
    try {
      while (this.uploads.some((one) => one.coming)) await new Promise((done) => setTimeout(done, 150))
      if (this.uploads.some((one) => one.state === 'failed' || one.state === 'lost')) return this.#refuse('uploadFailed')
      const unsaved = (await Promise.all(this.uploads.map((one) => one.saveWords()))).find((one) => one !== null)
      if (unsaved) return this.#refuse(unsaved.code === 'form' ? 'uploadFailed' : unsaved.code, [], unsaved.params)
      this.status = 'sending'
      // The lost answer of an earlier try may have made the post: only the very same post keeps its key.
      const body = this.#fields(next)
      if (this.#tried && this.#tried !== fingerprint(body)) body.set('key', this.key = newKey())
      this.#tried = fingerprint(body)
      const response = await fetch('/compose', { method: 'POST', body, headers: { accept: 'application/json', 'x-sveltekit-action': 'true' } })
      const result = deserialize(await response.text())
      if (result.type === 'success' && result.data) { this.#finish(); return result.data['posted'] as Posted }
      if (result.type === 'redirect') return this.#refuse('notSignedIn')
      const data = (result.type === 'failure' ? result.data : result.type === 'error' ? result.error : null) as Partial<Refusal> | null
      return this.#refuse(data?.code ?? 'internal', data?.problems, data?.params)
    } catch {
      return this.#refuse('notSent')
    } finally {
      this.status = 'idle'
    }
  }
  #fields(next: string): FormData {
    const body = new FormData()
    const draft = this.snapshot()
    const fields = { enhanced: '1', key: this.key, next, text: draft.text, warning: draft.warning ?? '', audience: draft.audience, language: draft.language, replyPolicy: this.replyPolicy, media: draft.mediaIds.join(), reply: this.parent?.id ?? '', edit: this.edited?.id ?? '', quoted: this.quoted?.id ?? '', scheduledAt: this.later && !Number.isNaN(Date.parse(this.later)) ? new Date(this.later).toISOString() : this.later ?? '' }
    for (const [name, value] of Object.entries(fields)) body.set(name, value)
    draft.poll?.options.forEach((option, at) => body.set(`poll-${at}`, option))
    if (draft.poll) body.set('poll-seconds', String(draft.poll.seconds))
    if (draft.poll?.multiple) body.set('poll-multiple', 'on')
    if (draft.poll?.hideTotals) body.set('poll-hide', 'on')
    return body
  }
  #refuse(code: string, problems: Refusal['problems'] = [], params: Refusal['params'] = {}): null {
    this.refusal = { code, problems, params }
    return null
  }
  #finish(): void {
    for (const one of this.uploads) one.leave()
    this.#tried = ''
    this.#clear()
    // What was edited is no longer what it was: the page that shows it loads it again.
    if (this.edited) this.uploads = []
  }
}

const fingerprint = (body: FormData) => JSON.stringify([...body].filter(([name]) => name !== 'key' && name !== 'enhanced'))
