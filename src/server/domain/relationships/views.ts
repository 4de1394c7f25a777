import type { App } from '#server/app.ts'
import type { Account, AccountId, Viewer } from '#server/domain/accounts/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { selectFollowerIds, selectHiddenIds, selectRelationships } from './queries.ts'
import type { RelationshipView } from './types.ts'

/** What is between the viewer and each of these accounts, in one query. Nobody signed in: nothing between them. */
export async function relationshipViews(app: App, viewer: Viewer, ids: AccountId[]): Promise<Map<AccountId, RelationshipView>> {
  const views = new Map<AccountId, RelationshipView>(ids.map((id) => [id, nothing()]))
  const known = [...views.keys()].filter(isId)
  if (!viewer || known.length === 0) return views
  for (const row of await selectRelationships(app.database.queries, viewer.id, known, app.now())) {
    views.set(row.id, {
      following: row.following === 'accepted', requested: row.following === 'requested',
      followedBy: row.followed_by === 'accepted', requestedBy: row.followed_by === 'requested',
      blocking: row.blocking, blockedBy: row.blocked_by,
      muting: row.muting, mutingUntil: row.muting_until?.toISOString() ?? null,
      mutingNotifications: row.muting_notifications ?? false,
      notify: row.notify ?? false, showBoosts: row.show_boosts ?? true, languages: row.languages, endorsed: row.endorsed, note: row.note ?? '',
    })
  }
  return views
}

const nothing = (): RelationshipView => ({ following: false, requested: false, requestedBy: false, followedBy: false, blocking: false, blockedBy: false, muting: false, mutingUntil: null, mutingNotifications: false, notify: false, showBoosts: true, languages: null, endorsed: false, note: '' })

export async function relationshipView(app: App, viewer: Account, id: AccountId): Promise<RelationshipView> {
  return (await relationshipViews(app, viewer, [id])).get(id) ?? nothing()
}

/** Whom the viewer doesn't want to meet in lists: blocked either way, and muted. */
export async function hiddenAccountIds(app: App, viewer: Viewer): Promise<Set<AccountId>> {
  if (!viewer) return new Set()
  const rows = await selectHiddenIds(app.database.queries, viewer.id, app.now())
  app.changes.note([`v${viewer.id}`])
  for (const { until } of rows) if (until) app.changes.holdsUntil(until.getTime())
  return new Set(rows.map((row) => row.id))
}

/** Accepted followers; `notifyOnly`: those who asked to hear of each post. For events, not for pages. */
export async function followerIds(app: App, accountId: AccountId, notifyOnly = false): Promise<AccountId[]> {
  return selectFollowerIds(app.database.queries, accountId, notifyOnly)
}
