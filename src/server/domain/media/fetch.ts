import type { App } from '#server/app.ts'
import type { Viewer } from '#server/domain/accounts/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import type { FileFacts } from './queries-process.ts'
import { selectByKey } from './queries-process.ts'
import type { Variant } from './types.ts'

/** `maySeePost`: the one rule of the posts room, asked only when the post isn't everybody's. */
export type FetchRule = (app: App, viewer: Viewer, postId: string) => Promise<boolean>

/** A file that this viewer may have, and whether anybody may (so that shared caches may keep it). Undefined: not here, or not theirs. */
export async function whoMayFetch(app: App, key: string, file: string, viewerOf: () => Promise<Viewer>, maySeePost: FetchRule): Promise<{ variant: Variant; everybody: boolean } | undefined> {
  const facts = await selectByKey(app.database.queries, key)
  const variant = facts?.state === 'ready' ? facts.variants.find((one) => one.file === file) : undefined
  if (!facts || !variant) return undefined
  const settings = await readSettings(app)
  if (facts.purpose === 'avatar' && settings.picturePolicy === 'none') return undefined
  // The community's own pictures stand on the front door, whoever may read the rest.
  if (facts.purpose === 'instance') return { variant, everybody: true }
  const open = facts.post_id ? facts.post_public : facts.picture_shown
  if (open && settings.readMode === 'everyone') return { variant, everybody: true }
  const viewer = await viewerOf()
  return viewer && await viewerMay(app, viewer, facts, open, maySeePost) ? { variant, everybody: false } : undefined
}

async function viewerMay(app: App, viewer: NonNullable<Viewer>, facts: FileFacts, open: boolean, maySeePost: FetchRule): Promise<boolean> {
  if (viewer.id === facts.account_id) return true
  if (viewer.state !== 'active' && viewer.state !== 'limited') return false
  if (facts.reviewable && viewer.role !== 'member') return true
  if (facts.post_id) return maySeePost(app, viewer, facts.post_id)
  return open
}
