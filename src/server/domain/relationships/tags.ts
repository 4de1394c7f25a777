import type { App } from '#server/app.ts'
import type { Account, Viewer } from '#server/domain/accounts/index.ts'
import { invalid } from '#server/platform/errors.ts'
import { readTag } from '#server/platform/text/tag.ts'
import { deleteTagFollow, selectFollowedTags, upsertTagFollow } from './queries-lists.ts'
import type { FollowedTag } from './types.ts'

/** Posts with the tag come to the viewer's home. With or without '#'. */
export async function followTag(app: App, viewer: Account, name: string): Promise<void> {
  const tag = readTag(name)
  if (!tag) throw invalid('badTag')
  await app.database.inTransaction((tx) => upsertTagFollow(tx, viewer.id, { id: app.newId(), ...tag }))
}

export async function unfollowTag(app: App, viewer: Account, name: string): Promise<void> {
  const tag = readTag(name)
  if (tag) await deleteTagFollow(app.database.queries, viewer.id, tag.name)
}

export async function followedTags(app: App, viewer: Viewer): Promise<FollowedTag[]> {
  return viewer ? selectFollowedTags(app.database.queries, viewer.id) : []
}
