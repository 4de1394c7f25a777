import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { invalidForm } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { limits } from './limits.ts'
import { attachMedia, detachMedia } from './queries.ts'
import type { MediaKind } from './types.ts'

/**
 * Ties uploads to a post, in this order: the owner's own, free ones; up to ten pictures, or one video, or up to ten pieces of music.
 * `ready` is false while one of them is still being made. Problems name `media`.
 */
export async function claimMedia(_app: App, tx: Tx, owner: Account, ids: string[], postId: string): Promise<{ count: number; kinds: MediaKind[]; ready: boolean }> {
  const strict = owner.preferences.requireAlt === true
  const wanted = [...new Set(ids)]
  const problem = (code: string, params?: Record<string, number>) => invalidForm([{ field: 'media', message: `error.${code}`, params }])
  if (wanted.length > limits.images) throw problem('tooManyMedia', { most: limits.images })
  if (!wanted.every(isId)) throw problem('uploadGone')
  if (wanted.length === 0) return { count: 0, kinds: [], ready: true }
  const tied = await attachMedia(tx, owner.id, wanted, postId)
  if (tied.length < wanted.length) throw problem('uploadGone')
  // Their own wish (preferences): it holds for every app.
  if (strict && tied.some((one) => one.kind === 'image' && !one.described)) throw problem('altMissing')
  if (tied.some((one) => one.state === 'failed')) throw problem('mediaFailed')
  const kinds = [...new Set(tied.map((one) => one.kind))]
  // Music comes as an album; a film stands alone.
  if (tied.length > 1 && kinds.includes('video') || kinds.includes('audio') && kinds.length > 1) throw problem('mixedMedia')
  return { count: tied.length, kinds, ready: tied.every((one) => one.state === 'ready') }
}

/** Lets go of a post's media, except those to keep; the sweep takes them away later. */
export async function releaseMedia(_app: App, tx: Tx, postId: string, keep: string[] = []): Promise<void> {
  await detachMedia(tx, postId, keep)
}
