import { encode } from 'blurhash'
import { thumbHashToRGBA } from 'thumbhash'
import type { App } from '#server/app.ts'

const most = 5000

/**
 * Apps know blurhash; Hearth keeps thumbhash, which looks better. Turned once and kept, for as many pictures as are on
 * show (5,000; the oldest go first). Null for a missing or broken one.
 */
export function blurhashOf(app: App, thumbhash: string | null): string | null {
  if (!thumbhash) return null
  let kept = app.caches.get('blurhash') as Map<string, string | null> | undefined
  if (!kept) app.caches.set('blurhash', kept = new Map())
  const known = kept.get(thumbhash)
  if (known !== undefined) return known
  const made = turn(thumbhash)
  if (kept.size >= most) kept.delete(kept.keys().next().value!)
  kept.set(thumbhash, made)
  return made
}

function turn(thumbhash: string): string | null {
  try {
    const { w, h, rgba } = thumbHashToRGBA(Buffer.from(thumbhash, 'base64'))
    return encode(new Uint8ClampedArray(rgba), w, h, w >= h ? 4 : 3, w >= h ? 3 : 4)
  } catch { return null }
}
