import type { MediaView } from '#server/domain/media/index.ts'

export type Track = { id: string; url: string; title: string; artist: string; cover: string | null; duration: number | null }

/** What plays while one browses: one audio element in the layout (NowPlaying) follows this. Times in seconds. */
export const player = $state<{ queue: Track[]; at: number; playing: boolean; time: number; seekTo: number | null }>({ queue: [], at: 0, playing: false, time: 0, seekTo: null })

export const current = (): Track | undefined => player.queue[player.at]

/** A sound as a track; undefined while it can't be played. */
export function trackOf(media: MediaView): Track | undefined {
  const source = media.sources[0]
  return source && { id: media.id, url: source.url, title: media.music?.title || media.description, artist: media.music?.artist ?? '', cover: media.preview?.url ?? null, duration: media.duration }
}

/** Plays this one, or pauses it when it plays. Others already in the queue stay behind it. */
export function toggle(track: Track): void {
  if (current()?.id === track.id) { player.playing = !player.playing; return }
  const known = player.queue.findIndex((one) => one.id === track.id)
  if (known >= 0) player.at = known
  else { player.queue.splice(player.at + 1, 0, track); player.at = player.queue.length === 1 ? 0 : player.at + 1 }
  player.time = 0
  player.playing = true
}

/** The next or previous of the queue; stops after the last. */
export function skip(by: 1 | -1): void {
  const to = player.at + by
  if (to < 0 || to >= player.queue.length) { player.playing = false; return }
  player.at = to
  player.time = 0
}

export function stop(): void {
  Object.assign(player, { queue: [], at: 0, playing: false, time: 0 })
}
