import { thumbHashToAverageRGBA, thumbHashToDataURL } from 'thumbhash'

type Hashed = { thumbhash: string | null; colour: string | null }
const bytes = (hash: string) => Uint8Array.from(atob(hash), (sign) => sign.charCodeAt(0))

/** A CSS colour for a picture that hasn't come yet, from its dominant colour or thumbhash. */
export function placeholder(media: Hashed): string {
  if (media.colour) return media.colour
  if (!media.thumbhash) return 'var(--surface-3)'
  const { r, g, b } = thumbHashToAverageRGBA(bytes(media.thumbhash))
  return `rgb(${Math.round(r * 255)} ${Math.round(g * 255)} ${Math.round(b * 255)})`
}

/** A blurred likeness of the picture as a data URL; null where there is none or it can't be read. */
export function blurred(media: Hashed): string | null {
  if (!media.thumbhash) return null
  try { return thumbHashToDataURL(bytes(media.thumbhash)) } catch { return null }
}
