import type { App } from '#server/app.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { withheldAccounts } from '#server/domain/withholding/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { selectAccounts } from './queries.ts'
import type { AccountRow } from './queries.ts'
import { selectPictures } from './queries-pictures.ts'
import type { AccountId, AccountView } from './types.ts'

/** How these accounts show, in bulk (two queries however many). Ids that don't exist are missing from the map. */
export async function accountViews(app: App, ids: (AccountId | string)[]): Promise<Map<AccountId, AccountView>> {
  const unique = [...new Set(ids)].filter(isId)
  app.changes.note(unique.map((id) => `a${id}` as const))
  const rows = await selectAccounts(app.database.queries, unique)
  const [settings, withheld, pictures] = await Promise.all([readSettings(app), withheldAccounts(app, unique), selectPictures(app.database.queries, rows.flatMap((row) => [row.avatar_media_id, row.cover_media_id].filter((id) => id !== null)))])
  return new Map(rows.map((row) => [row.id, toView(row, settings.picturePolicy, pictures, withheld.has(row.id))]))
}

/** One account as it shows; null when there is none. */
export async function accountView(app: App, id: AccountId | string): Promise<AccountView | null> {
  return (await accountViews(app, [id])).get(id) ?? null
}

function toView(row: AccountRow, policy: 'allowed' | 'review' | 'none', pictures: Map<string, string>, withheld: boolean): AccountView {
  const hidden = row.state === 'suspended' || row.state === 'deleted' || withheld
  const ownPicture = policy !== 'none' && row.avatar_state === 'shown' && !hidden ? pictures.get(row.avatar_media_id ?? '') : undefined
  return {
    id: row.id,
    username: row.username,
    name: withheld ? row.username : row.display_name || row.username,
    bioHtml: hidden ? '' : row.bio_html,
    avatarUrl: ownPicture ?? `/avatars/${encodeURIComponent(row.username)}.svg`,
    coverUrl: policy === 'none' || hidden ? null : pictures.get(row.cover_media_id ?? '') ?? null,
    fields: hidden ? [] : row.fields as AccountView['fields'],
    role: row.role,
    state: row.state,
    locked: row.locked,
    bot: row.bot,
    discoverable: row.discoverable,
    postsCount: row.posts_count,
    followersCount: row.followers_count,
    followingCount: row.following_count,
    lastPostAt: hidden ? null : row.last_post_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
  }
}
