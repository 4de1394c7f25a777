import type { Grid } from '#server/platform/av/index.ts'
import type { Id } from '#server/platform/ids/index.ts'

export type MediaId = Id<'media'>
export type MediaKind = 'image' | 'animation' | 'video' | 'audio'

export type MediaSource = { url: string; mime: string; width: number | null; height: number | null }
/** A picture, video or sound as a page shows it. Sizes are known beforehand, so nothing shifts. */
export type MediaView = {
  id: MediaId
  kind: MediaKind
  state: 'queued' | 'processing' | 'ready' | 'failed'
  /** 0 … 1 */
  progress: number
  error: string | null
  width: number | null
  height: number | null
  /** seconds */
  duration: number | null
  /** thumbhash as base64, and the dominant colour '#rrggbb', for the placeholder */
  thumbhash: string | null
  colour: string | null
  description: string
  focus: { x: number; y: number }
  /** what an <img> shows (poster for video, cover for audio); null where there is none, and while not ready, but for a film's first picture */
  preview: { url: string; srcset: string; avifSrcset: string } | null
  /** playable or viewable sources, best first */
  sources: MediaSource[]
  /** the preview was chosen by the owner, in place of what was in the file */
  ownCover: boolean
  /** the largest picture, for the lightbox */
  largeUrl: string | null
  music: { title: string; artist: string; album: string } | null
  /** 0 … 100, about 200 peaks */
  waveform: number[] | null
  /** a film's playlist of playlists (HLS), and small pictures of it for looking while one seeks */
  film: { hls: string | null; board: (Grid & { url: string }) | null } | null
  /** what is said, by language */
  captions: CaptionTrack[]
  /** music as it came from the studio, where it is kept */
  losslessUrl: string | null
}

/** Captions as a player loads them: WebVTT. */
export type CaptionTrack = { url: string; language: string; kind: 'captions' | 'subtitles' | 'descriptions'; label: string }

export type MediaPurpose = 'post' | 'avatar' | 'cover' | 'instance'

/** A file made for showing. `name` begins with what it is for: 'still' a picture, 'play' what is played. */
export type Variant = { name: string; mime: string; width: number | null; height: number | null; bytes: number; file: string; /** where the pictures lie in a file of many */ grid?: Grid }
