import { thumbHashToAverageRGBA } from 'thumbhash'

/** A CSS colour for a picture that hasn't come yet, from its thumbhash or dominant colour. */
export function placeholder(media: { thumbhash: string | null; colour: string | null }): string {
  if (media.colour) return media.colour
  if (!media.thumbhash) return 'var(--surface-3)'
  const { r, g, b } = thumbHashToAverageRGBA(Uint8Array.from(atob(media.thumbhash), (sign) => sign.charCodeAt(0)))
  return `rgb(${Math.round(r * 255)} ${Math.round(g * 255)} ${Math.round(b * 255)})`
}
