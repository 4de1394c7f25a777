import type { App } from '#server/app.ts'
import { looksListed } from '#server/domain/hashes/index.ts'
import { settlePoster, waitingPoster } from '#server/domain/media/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { evaluate } from './evaluate.ts'
import { gather } from './gather.ts'
import { selectMediaOwner } from './queries-hits.ts'
import type { Look } from './types.ts'

/**
 * The first picture of a film that is still being made is looked up and screened, with the few moments that are known besides. It is
 * shown only where nothing was found at all; what was found is told of as with every upload, and judged when the whole film is there.
 * True when it is shown from now on. Safe to run twice.
 */
export async function screenPoster(app: App, mediaId: string): Promise<boolean> {
  const file = await waitingPoster(app, mediaId)
  const item = file && isId(mediaId) ? await selectMediaOwner(app.database.queries, mediaId) : undefined
  if (!file || !item) return false
  const look: Look = { subject: 'media', accountId: item.account_id, text: '', language: null, audience: null, mentions: 0, mediaIds: [item.id], postId: null }
  const { kit, signals } = await gather(app, look)
  const { outcome } = evaluate(kit.rules, signals)
  const clear = item.screening === 'waiting' && signals.hashes.every((one) => one.action === 'log') && (outcome === 'publish' || outcome === 'limit') && !(await looksListed(app, mediaId))
  return settlePoster(app, mediaId, file, clear)
}
