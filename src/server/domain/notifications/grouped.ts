import type { App } from '#server/app.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import type { Account, AccountView } from '#server/domain/accounts/index.ts'
import { postViews } from '#server/domain/posts/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { groupedKinds } from './known.ts'
import { wantedOf } from './list.ts'
import { dismissById, selectGrouped, selectGroupMembers, selectNotification } from './queries-list.ts'
import type { GroupedRow } from './queries-list.ts'
import { dismissGroup, signalChange } from './read.ts'
import { cleanRange } from './queries-range.ts'
import type { GroupView, NotificationAsk, NotificationKind, NotificationPart } from './types.ts'

const alone = /^ungrouped-([0-9]+)$/

/** The key by which apps know a group: it goes into addresses. `edit:1-2` is `edit-1-2` there. */
export const appKeyOf = (kind: NotificationKind, key: string, id: string): string => groupedKinds.includes(kind) ? key.replace(':', '-') : `ungrouped-${id}`
const ownKey = (key: string) => key.slice(0, 200).toWellFormed().replaceAll('\0', '').replace('-', ':')

/** The member's notifications in groups, newest first: for apps. `grouped` are the kinds that may be grouped. */
export async function groupedNotifications(app: App, viewer: Account, ask: NotificationAsk = {}, grouped: readonly NotificationKind[] = groupedKinds): Promise<NotificationPart<GroupView>> {
  const range = cleanRange(ask)
  const rows = await selectGrouped(app.database.queries, viewer.id, wantedOf(app, ask), groupedKinds.filter((kind) => grouped.includes(kind)), range)
  if (range.minId) rows.reverse()
  return { items: await groupViews(app, viewer, rows), first: rows[0]?.id ?? null, last: rows.at(-1)?.id ?? null, full: rows.length === range.limit }
}

/** One group by the key apps know. Not found when there is nothing in it. */
export async function seeGroup(app: App, viewer: Account, appKey: string): Promise<GroupView> {
  const id = alone.exec(appKey)?.[1]
  const [group] = await groupViews(app, viewer, id === undefined ? await rowsOfKey(app, viewer, ownKey(appKey)) : await rowsOfOne(app, viewer, id))
  if (!group) throw notFound()
  return group
}

const rowsOfKey = (app: App, viewer: Account, key: string) => selectGrouped(app.database.queries, viewer.id, wantedOf(app, {}), groupedKinds, cleanRange({ limit: 1 }), key)
async function rowsOfOne(app: App, viewer: Account, id: string): Promise<GroupedRow[]> {
  const row = isId(id) ? await selectNotification(app.database.queries, viewer.id, id, wantedOf(app, { withFiltered: true })) : undefined
  return row ? [{ ...row, grouped: false, count: 1, from_ids: row.from_account_id ? [row.from_account_id] : null, min_id: row.id, latest_at: row.created_at }] : []
}

/** Who is in a group, newest first; the ends are ids of notifications. */
export async function groupAccounts(app: App, viewer: Account, appKey: string, ask: NotificationAsk = {}): Promise<NotificationPart<AccountView>> {
  const id = alone.exec(appKey)?.[1]
  if (id !== undefined) {
    const { accounts } = await seeGroup(app, viewer, appKey)
    return { items: accounts, first: id, last: id, full: false }
  }
  const range = cleanRange(ask)
  const rows = await selectGroupMembers(app.database.queries, viewer.id, ownKey(appKey), wantedOf(app, {}), range)
  if (range.minId) rows.reverse()
  const accounts = await accountViews(app, rows.map((row) => row.from_account_id))
  return { items: rows.flatMap((row) => accounts.get(row.from_account_id) ?? []), first: rows[0]?.id ?? null, last: rows.at(-1)?.id ?? null, full: rows.length === range.limit }
}

/** Takes a group off the list by the key apps know. Unknown keys change nothing. */
export async function dismissAppGroup(app: App, viewer: Account, appKey: string): Promise<void> {
  const id = alone.exec(appKey)?.[1]
  if (id === undefined) return dismissGroup(app, viewer, ownKey(appKey))
  if (isId(id) && await dismissById(app.database.queries, viewer.id, id, app.now())) await signalChange(app, viewer)
}

/** Takes one notification off the list. Not found when it isn't on it. */
export async function dismissNotification(app: App, viewer: Account, id: string): Promise<void> {
  if (!isId(id) || !await dismissById(app.database.queries, viewer.id, id, app.now())) throw notFound()
  await signalChange(app, viewer)
}

async function groupViews(app: App, viewer: Account, rows: GroupedRow[]): Promise<GroupView[]> {
  const [accounts, posts] = await Promise.all([accountViews(app, rows.flatMap((row) => row.from_ids ?? [])), postViews(app, viewer, rows.flatMap((row) => row.post_id ?? []))])
  const postOf = new Map(posts.map((post) => [post.id, post]))
  return rows.flatMap((row) => {
    const post = row.post_id ? postOf.get(row.post_id) : null
    if (post === undefined || row.count === 0) return []
    const kind = row.kind as NotificationKind
    return [{
      key: row.grouped ? appKeyOf(kind, row.group_key, row.id) : `ungrouped-${row.id}`, kind, count: row.count, latestId: row.id, latestAt: row.latest_at.toISOString(), minId: row.min_id, maxId: row.id,
      accounts: [...new Set(row.from_ids ?? [])].flatMap((id) => accounts.get(id) ?? []), post, data: row.data,
    }]
  })
}
