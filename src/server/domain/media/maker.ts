import type { App } from '#server/app.ts'
import { pictureMaker } from '#server/platform/images/index.ts'
import type { Pictures } from '#server/platform/images/index.ts'

const cacheKey = 'media.pictures'

/** The program's one maker of pictures. */
export function picturesOf(app: App): Pictures {
  const found = app.caches.get(cacheKey) as Pictures | undefined
  if (found) return found
  const made = pictureMaker()
  app.caches.set(cacheKey, made)
  return made
}
