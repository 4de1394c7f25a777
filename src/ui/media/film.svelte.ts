import type { MediaView } from '#server/domain/media/index.ts'
import type Hls from 'hls.js'

/** A size a film is kept in; `lines` is its short side. */
export type Quality = { level: number; lines: number }

const captionsKey = 'hearth.captions'
const recall = () => { try { return localStorage.getItem(captionsKey) ?? '' } catch { return '' } }
const keep = (language: string) => { try { localStorage.setItem(captionsKey, language) } catch { /* a browser that keeps nothing */ } }

/** What a film's player shows and does, behind its buttons. Times in seconds. */
export class Film {
  playing = $state(false)
  started = $state(false)
  waiting = $state(false)
  failed = $state(false)
  time = $state(0)
  duration = $state(0)
  buffered = $state(0)
  volume = $state(1)
  muted = $state(false)
  speed = $state(1)
  /** -1: as the line allows */
  level = $state(-1)
  qualities = $state.raw<Quality[]>([])
  /** the language of the captions shown; '' for none */
  language = $state('')
  words = $state('')
  #hls: Hls | undefined
  #loading: Promise<void> | undefined
  #mended = 0
  readonly #video: HTMLVideoElement
  readonly #media: MediaView

  constructor(video: HTMLVideoElement, media: MediaView) {
    this.#video = video
    this.#media = media
    this.duration = media.duration ?? 0
    const wanted = recall()
    if (media.captions.some((one) => one.language === wanted)) this.speak(wanted)
  }

  /** Plays, and loads what plays it before the first time. */
  async play(): Promise<void> {
    this.started = true
    this.#loading ??= this.#load()
    this.waiting = true
    await this.#loading
    try {
      await this.#video.play()
    } catch (error) {
      // Paused or taken away before it began is no failure.
      if (error instanceof DOMException && error.name === 'NotSupportedError') this.failed = true
      this.waiting = false
    }
  }

  toggle(): void {
    if (this.#video.paused) void this.play()
    else this.#video.pause()
  }

  seek(to: number): void {
    const time = Math.max(0, Math.min(to, this.duration || to))
    this.time = time
    if (this.started) this.#video.currentTime = time
    else void this.play().then(() => { this.#video.currentTime = time })
  }

  loud(volume: number): void {
    this.#video.volume = Math.max(0, Math.min(1, volume))
    this.#video.muted = volume <= 0
  }

  mute(): void { this.#video.muted = !this.#video.muted }

  pace(speed: number): void {
    this.#video.playbackRate = speed
    this.speed = speed
  }

  choose(level: number): void {
    this.level = level
    if (this.#hls) this.#hls.nextLevel = level
  }

  /** Captions in this language from now on, here and in the next film. */
  speak(language: string): void {
    this.language = language
    this.words = ''
    for (const track of this.#video.textTracks) track.mode = track.language === language && track.kind !== 'descriptions' ? 'hidden' : 'disabled'
    this.read()
  }

  remember(language: string): void {
    keep(language)
    this.speak(language)
  }

  /** What is said at this moment. */
  read(): void {
    const track = [...this.#video.textTracks].find((one) => one.mode === 'hidden')
    this.words = [...track?.activeCues ?? []].map((cue) => cue instanceof VTTCue ? cue.text.replace(/<[^>]*>/g, '').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&') : '').join('\n')
  }

  /** The element tells what happened to it. */
  follow(): void {
    const video = this.#video
    this.playing = !video.paused && !video.ended
    this.time = video.currentTime
    if (Number.isFinite(video.duration) && video.duration > 0) this.duration = video.duration
    this.volume = video.volume
    this.muted = video.muted
    this.waiting = this.playing && video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA
    const { buffered } = video
    for (let at = 0; at < buffered.length; at++) if (buffered.start(at) <= video.currentTime + 0.1 && buffered.end(at) >= video.currentTime) this.buffered = buffered.end(at)
  }

  close(): void { this.#hls?.destroy() }

  /** In parts where there are several sizes and this browser can; otherwise the browser plays the file by itself. */
  async #load(): Promise<void> {
    const hls = this.#media.film?.hls
    if (!hls || this.#media.sources.length < 2) return
    try {
      const { default: Player } = await import('hls.js/light')
      if (!Player.isSupported()) return
      const player = new Player({ enableWorker: false, capLevelToPlayerSize: true, maxBufferLength: 30, maxMaxBufferLength: 60, backBufferLength: 60 })
      this.#hls = player
      await new Promise<void>((done) => {
        player.on(Player.Events.MANIFEST_PARSED, (_event, { levels }) => {
          this.qualities = levels.map((one, level) => ({ level, lines: Math.min(one.width, one.height) })).sort((a, b) => b.lines - a.lines)
          done()
        })
        player.on(Player.Events.ERROR, (_event, { fatal, type }) => {
          if (!fatal) return
          if (type === Player.ErrorTypes.MEDIA_ERROR && this.#mended++ < 2) { player.recoverMediaError(); return }
          this.#plain()
          done()
        })
        player.loadSource(new URL(hls, location.href).href)
        player.attachMedia(this.#video)
      })
    } catch {
      this.#plain()
    }
  }

  /** The ordinary file, from where it stopped. */
  #plain(): void {
    const { currentTime, paused } = this.#video
    this.#hls?.destroy()
    this.#hls = undefined
    this.qualities = []
    this.#video.src = this.#media.sources[0]?.url ?? ''
    this.#video.currentTime = currentTime
    if (!paused) void this.#video.play().catch(() => { this.failed = true })
  }
}
