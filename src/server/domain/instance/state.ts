import type { App } from '#server/app.ts'

/** What this room keeps in memory, thrown away when the bus says that it changed. */
type Kept = Map<'settings' | 'rules' | 'announcements', Promise<unknown>>

function keptOf(app: App): Kept {
  let kept = app.caches.get('instance') as Kept | undefined
  if (!kept) {
    const fresh: Kept = kept = new Map()
    app.caches.set('instance', fresh)
    app.bus.subscribe((signal) => {
      if (signal.type === 'missed') fresh.clear()
      if (signal.type === 'settings') { fresh.delete('settings'); fresh.delete('rules') }
      if (signal.type === 'announcement') fresh.delete('announcements')
      if (signal.type === 'settings' || signal.type === 'announcement' || signal.type === 'missed') app.changes.tell(['g'])
    })
  }
  return kept
}

/** Reads once, then from memory. A failed read isn't kept. */
export function kept<Value>(app: App, what: 'settings' | 'rules' | 'announcements', read: () => Promise<Value>): Promise<Value> {
  const all = keptOf(app)
  const known = all.get(what)
  if (known) return known as Promise<Value>
  const promise = app.database.fresh(read)
  all.set(what, promise)
  promise.catch(() => { if (all.get(what) === promise) all.delete(what) })
  return promise
}

/** For the process that made the change: it must see it before the signal comes back. */
export function forget(app: App): void {
  keptOf(app).clear()
  app.changes.tell(['g'])
}
