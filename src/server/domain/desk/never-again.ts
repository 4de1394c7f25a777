import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { demandStaff, evidencePosts } from '#server/domain/cases/index.ts'
import type { CaseId, Category } from '#server/domain/cases/index.ts'
import { addToOwnBank } from '#server/domain/hashes/index.ts'
import type { ListCategory } from '#server/domain/hashes/index.ts'
import { evidenceOf } from '#server/domain/media/index.ts'
import { isHearthError } from '#server/platform/errors.ts'
import { caseOpenFor } from './open-case.ts'

const listOf: Partial<Record<Category, ListCategory>> = { terrorism: 'terrorism', child_safety: 'child_safety', intimate_images: 'intimate_images', violence: 'violence', hatred: 'hate', spam: 'spam' }

/**
 * 'Remove and never again': the pictures, films and sounds of a case (of these posts, or all, whoever of those it is about made them) go on the community's own list, and
 * everything stored is looked through. Resolves to how many items are listed now; what can't be known again is left out.
 */
export async function listNeverAgain(app: App, moderator: Account, caseId: CaseId, given: { category?: string; postIds?: string[] } = {}): Promise<number> {
  demandStaff(moderator)
  const row = await caseOpenFor(app, moderator, caseId)
  const posts = evidencePosts(row.evidence).map(({ post }) => post)
  const wanted = given.postIds?.length ? posts.filter((post) => given.postIds?.includes(post.id)) : posts
  const ofPosts = wanted.flatMap((post) => post.media.map((item) => item.id))
  const mediaIds = posts.length ? ofPosts : [...(await evidenceOf(app, row.id)).keys()]
  const category = listOf[row.category] ?? 'other'
  let listed = 0
  for (const mediaId of mediaIds.slice(0, 100)) {
    try {
      await addToOwnBank(app, moderator, mediaId, { category, reason: `case ${row.id}` })
      listed++
    } catch (problem) {
      // Gone by now, or nothing by which it could be known.
      if (!isHearthError(problem)) throw problem
    }
  }
  return listed
}
