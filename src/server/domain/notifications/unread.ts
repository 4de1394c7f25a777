import type { App } from '#server/app.ts'
import type { AccountId } from '#server/domain/accounts/index.ts'
import { countUnread } from './queries.ts'

type Kept = Map<string, { at: number; count: Promise<number> }>
const most = 5000
/** A signal may be lost while the database reconnects: nothing is kept longer than this, in ms. */
const longest = 60_000

/** How many groups the member hasn't read; 100 stands for more. Every page asks: it is kept until something is told or read, in whichever process. `fresh` counts again: for who hears a signal, perhaps before this room does. */
export function unreadCount(app: App, viewer: { id: AccountId }, fresh = false): Promise<number> {
  const kept = keptCounts(app)
  if (fresh) kept.delete(viewer.id)
  const known = kept.get(viewer.id)
  const now = app.now().getTime()
  if (known && now - known.at < longest) return known.count
  if (kept.size >= most) kept.clear()
  const entry = { at: now, count: app.database.fresh(() => countUnread(app.database.queries, viewer.id, app.now())).then((count) => Math.min(100, count)) }
  entry.count.catch(() => { if (kept.get(viewer.id) === entry) kept.delete(viewer.id) })
  kept.set(viewer.id, entry)
  return entry.count
}

/** Counts again at the next asking, for these accounts or for all. Other processes hear it from the bus. */
export function forgetUnread(app: App, accountIds?: string[]): void {
  const kept = keptCounts(app)
  if (accountIds) for (const id of accountIds) kept.delete(id)
  else kept.clear()
}

function keptCounts(app: App): Kept {
  const known = app.caches.get('notifications') as Kept | undefined
  if (known) return known
  const kept: Kept = new Map()
  app.caches.set('notifications', kept)
  app.bus.subscribe((signal) => {
    if (signal.type === 'notification') kept.delete(signal.accountId)
    else if (signal.type === 'announcement' || signal.type === 'missed') kept.clear()
  })
  return kept
}
