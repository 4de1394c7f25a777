import type { App } from './app.ts'
import { openPressure } from './platform/pressure/index.ts'
import type { Pressure } from './platform/pressure/index.ts'

/** So many requests are worked for at once in one process: twice the connections to the database. More would only wait there. */
const most = 32

/** The line at the door of this process. */
export function pressureOf(app: App): Pressure {
  const known = app.caches.get('pressure') as Pressure | undefined
  if (known) return known
  const made = openPressure(most)
  app.caches.set('pressure', made)
  return made
}
