import type { App } from '#server/app.ts'
import type { Account, AccountId, Viewer } from '#server/domain/accounts/index.ts'
import { readerOf } from '#server/domain/posts/index.ts'
import { conflict, invalid, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { readTag } from '#server/platform/text/tag.ts'
import { countFeatured, deleteFeatured, deleteFeaturedOf, insertFeatured, selectFeatured, selectUsedTags } from './queries.ts'
import type { FeaturedRow } from './queries.ts'

const most = 10

/** A tag that a member shows on their profile. */
export type FeaturedTag = {
  id: string
  name: string
  displayName: string
  /** their posts with it, as far as the viewer may see them */
  postsCount: number
  /** ISO time; null where there is none */
  lastPostAt: string | null
}

/** The tags that an account shows on its profile, in the order they were chosen. */
export async function featuredTags(app: App, viewer: Viewer, accountId: AccountId): Promise<FeaturedTag[]> {
  if (!isId(accountId)) return []
  return (await selectFeatured(app.database.queries, accountId, await readerOf(app, viewer))).map(asTag)
}

/** Shows a tag on the member's profile, at most ten. Twice is once. */
export async function featureTag(app: App, viewer: Account, name: string): Promise<FeaturedTag> {
  const tag = readTag(name)
  if (!tag) throw invalid('badTag')
  await app.database.inTransaction(async (tx) => {
    if (!await insertFeatured(tx, viewer.id, { id: app.newId(), tagId: app.newId(), ...tag }, app.now())) return
    if (await countFeatured(tx, viewer.id) > most) throw conflict('tooManyFeaturedTags', { most })
  })
  return (await featuredTags(app, viewer, viewer.id)).find((one) => one.name === tag.name)!
}

/** Takes it off, by its id or by the tag's name. */
export async function unfeatureTag(app: App, viewer: Account, idOrName: { id: string } | { name: string }): Promise<void> {
  const which = 'id' in idOrName ? { id: idOrName.id } : { name: readTag(idOrName.name)?.name ?? '' }
  if ('id' in which && !isId(which.id)) throw notFound()
  if (!await deleteFeatured(app.database.queries, viewer.id, which) && 'id' in which) throw notFound()
}

/** What the member could show: the tags they use most, at most ten. */
export async function suggestedTags(app: App, viewer: Account): Promise<{ name: string; displayName: string }[]> {
  return selectUsedTags(app.database.queries, viewer.id, most)
}

/** What an account that left had on its profile. */
export async function forgetFeatured(app: App, accountId: string): Promise<void> {
  await deleteFeaturedOf(app.database.queries, accountId)
}

const asTag = (row: FeaturedRow): FeaturedTag => ({ id: row.id, name: row.name, displayName: row.display_name, postsCount: row.posts_count, lastPostAt: row.last_post_at?.toISOString() ?? null })
