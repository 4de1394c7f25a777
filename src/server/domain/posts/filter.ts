import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { addFilteredPost } from '#server/domain/filters/index.ts'
import type { FilteredPost, FilterId } from '#server/domain/filters/index.ts'
import { originalOf } from './like.ts'
import type { PostId } from './types.ts'

/** Puts a single post, which the viewer must be able to see, into one of their filters; a boost stands for what it boosts. Twice is once. */
export async function filterPost(app: App, viewer: Account, filterId: FilterId, postId: PostId): Promise<FilteredPost> {
  return addFilteredPost(app, viewer, filterId, (await originalOf(app, viewer, postId)).id)
}
