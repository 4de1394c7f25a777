import { z } from 'zod'
import type { MediaView } from '#server/domain/media/index.ts'
import type { Speaker } from './speaker.ts'

const Size = z.object({ width: z.int(), height: z.int(), size: z.string(), aspect: z.number() })
export const MediaAttachment = z.object({
  id: z.string(), type: z.enum(['unknown', 'image', 'gifv', 'video', 'audio']), url: z.url().nullable(), preview_url: z.url().nullable(), remote_url: z.null(),
  preview_remote_url: z.null(), text_url: z.null(), description: z.string().nullable(), blurhash: z.string().nullable(),
  meta: z.object({ original: Size.partial().extend({ duration: z.number().optional() }).optional(), small: Size.optional(), focus: z.object({ x: z.number(), y: z.number() }).optional() }),
}).meta({ id: 'MediaAttachment' })
export type MediaAttachment = z.infer<typeof MediaAttachment>

const types = { image: 'image', animation: 'gifv', video: 'video', audio: 'audio' } as const

/** A picture, film or sound as apps see it; `url` is null until it is ready, though a film's first picture may be there before. */
export function mediaEntity(view: MediaView, speaker: Speaker): MediaAttachment {
  const ready = view.state === 'ready'
  // Apps without HLS want one file they can play as it is.
  const played = view.sources.find((source) => source.mime === 'video/mp4' || source.mime.startsWith('audio/')) ?? view.sources[0]
  const url = view.kind === 'image' ? view.largeUrl ?? view.sources[0]?.url : played?.url
  const preview = view.preview?.url ?? (view.kind === 'animation' ? view.largeUrl : null)
  const small = sizeOf(view, 640)
  return {
    id: view.id, type: view.state === 'failed' ? 'unknown' : types[view.kind], url: ready && url ? speaker.absolute(url) : null,
    preview_url: view.state !== 'failed' && preview ? speaker.absolute(preview) : null, remote_url: null, preview_remote_url: null, text_url: null,
    description: view.description || null, blurhash: speaker.blurhash(view.thumbhash),
    meta: {
      original: { ...sizeOf(view), ...view.duration === null ? {} : { duration: view.duration } },
      ...small ? { small } : {}, focus: view.focus,
    },
  }
}

function sizeOf({ width, height }: MediaView, longest = Infinity): z.infer<typeof Size> | undefined {
  if (!width || !height) return undefined
  const scale = Math.min(1, longest / Math.max(width, height))
  const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))]
  return { width: w, height: h, size: `${w}x${h}`, aspect: w / h }
}
