import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { forgetUnread } from '#server/domain/notifications/index.ts'
import { invalid } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { deleteMarkers, moveMarker, selectMarkers } from './queries.ts'

/** What a member reads in several places and wants to go on with where they stopped. */
export type MarkedTimeline = 'home' | 'notifications'
/** `version` rises with each change, so that who wrote last is known. */
export type Marker = { lastReadId: string; version: number; updatedAt: string }

/** Where the member stopped reading; a timeline that was never marked is missing. */
export async function markersOf(app: App, viewer: Account, timelines: MarkedTimeline[] = ['home', 'notifications']): Promise<Partial<Record<MarkedTimeline, Marker>>> {
  const rows = await selectMarkers(app.database.queries, viewer.id)
  return Object.fromEntries(rows.filter((row) => timelines.includes(row.timeline)).map((row) => [row.timeline, { lastReadId: row.last_read_id, version: row.version, updatedAt: row.updated_at.toISOString() }]))
}

/**
 * The member has read up to here. The home's mark may go back (they want to read again); the notifications' one only
 * goes on, for it also says what is new. Both or none; the new marks are returned.
 */
export async function setMarkers(app: App, viewer: Account, wish: Partial<Record<MarkedTimeline, string>>): Promise<Partial<Record<MarkedTimeline, Marker>>> {
  const timelines = (['home', 'notifications'] as const).filter((timeline) => wish[timeline] !== undefined)
  if (timelines.some((timeline) => !isId(wish[timeline]))) throw invalid('badMarker')
  await app.database.inTransaction(async (tx) => {
    for (const timeline of timelines) await moveMarker(tx, timeline, viewer.id, wish[timeline]!, app.now())
    // Open pages count again what is new.
    if (timelines.includes('notifications')) await app.bus.publish(tx, { type: 'notification', accountId: viewer.id, notificationId: '0' })
  })
  if (timelines.includes('notifications')) forgetUnread(app, [viewer.id])
  return markersOf(app, viewer, timelines)
}

/** The marks of an account that left. */
export async function forgetMarkers(app: App, accountId: string): Promise<void> {
  await app.database.inTransaction((tx) => deleteMarkers(tx, accountId))
}
