import type { App } from '#server/app.ts'

type Entry = { at: number; value: Promise<unknown> }
const most = 500

/** What `make` gave for this key within the last so many seconds, made at most once at a time. */
export function keptFor<Value>(app: App, key: string, seconds: number, make: () => Promise<Value>): Promise<Value> {
  const kept = entries(app)
  const known = kept.get(key)
  const now = app.now().getTime()
  if (known && now - known.at < seconds * 1000) return known.value as Promise<Value>
  if (kept.size >= most) kept.delete(kept.keys().next().value ?? '')
  const value = make()
  const entry = { at: now, value }
  value.catch(() => { if (kept.get(key) === entry) kept.delete(key) })
  kept.delete(key)
  kept.set(key, entry)
  return value
}

/** Forgets all that was kept: trends were counted again. */
export const forgetKept = (app: App): void => entries(app).clear()

function entries(app: App): Map<string, Entry> {
  let kept = app.caches.get('discovery') as Map<string, Entry> | undefined
  if (!kept) app.caches.set('discovery', kept = new Map())
  return kept
}
