import type { MediaView } from '#server/domain/media/index.ts'

export type Track = { id: string; url: string; title: string; artist: string; album: string; cover: string | null; duration: number | null }

/** What plays while one browses: one audio element in the layout (NowPlaying) follows this. Times in seconds. */
export const player = $state<{ queue: Track[]; at: number; playing: boolean; time: number; seekTo: number | null; failed: boolean }>({ queue: [], at: 0, playing: false, time: 0, seekTo: null, failed: false })

export const current = (): Track | undefined => player.queue[player.at]
export const following = (): Track | undefined => player.queue[player.at + 1]

/** A sound as a track; undefined while it can't be played. */
export function trackOf(media: MediaView): Track | undefined {
  const source = media.sources[0]
  return source && { id: media.id, url: source.url, title: media.music?.title || media.description, artist: media.music?.artist ?? '', album: media.music?.album ?? '', cover: media.preview?.url ?? null, duration: media.duration }
}

/** Plays this one, or pauses it when it plays. Others already in the queue stay behind it. */
export function toggle(track: Track): void {
  player.failed = false
  if (current()?.id === track.id) { player.playing = !player.playing; return }
  const known = player.queue.findIndex((one) => one.id === track.id)
  if (known >= 0) player.at = known
  else {
    const place = player.queue.length ? player.at + 1 : 0
    player.queue.splice(place, 0, track)
    player.at = place
  }
  player.time = 0
  player.seekTo = null
  player.playing = true
}

/** Plays these in their order, from this one on, in place of what was in the queue. */
export function playAll(tracks: Track[], at = 0): void {
  if (tracks.length === 0) return
  Object.assign(player, { queue: [...tracks], at, playing: true, time: 0, seekTo: null, failed: false })
}

/** Puts it after what plays now; plays it when nothing does. */
export function enqueue(track: Track): void {
  if (!current()) return toggle(track)
  if (player.queue.some((one) => one.id === track.id)) return
  player.queue.splice(player.at + 1, 0, track)
}

/** Goes to this second of the track, and plays it when another did. */
export function seek(track: Track, seconds: number): void {
  if (current()?.id !== track.id) toggle(track)
  player.seekTo = seconds
  player.time = seconds
}

/** Plays this place of the queue; pauses or goes on where it is there already. */
export function jump(at: number): void {
  if (!player.queue[at]) return
  player.failed = false
  if (at === player.at) { player.playing = !player.playing; return }
  Object.assign(player, { at, time: 0, seekTo: null, playing: true })
}

/** Takes one out of the queue; what plays goes on, or the next one does where it was this one. */
export function drop(at: number): void {
  if (player.queue.length <= 1) return stop()
  player.queue.splice(at, 1)
  if (at < player.at) player.at -= 1
  else if (at === player.at) Object.assign(player, { at: Math.min(at, player.queue.length - 1), time: 0, seekTo: null, playing: player.playing && at < player.queue.length })
}

/** The next or previous of the queue; stops after the last. Back is first to the beginning of this one, once some of it was heard. */
export function skip(by: 1 | -1): void {
  const to = player.at + by
  player.failed = false
  if (to >= player.queue.length) { player.playing = false; player.time = 0; return }
  if (to < 0 || (by < 0 && player.time > 3)) { player.seekTo = 0; player.time = 0; return }
  player.at = to
  player.time = 0
  player.seekTo = null
  player.playing = true
}

export function stop(): void {
  Object.assign(player, { queue: [], at: 0, playing: false, time: 0, seekTo: null, failed: false })
}
