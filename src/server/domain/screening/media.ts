import type { App } from '#server/app.ts'
import { keepLateEvidence } from '#server/domain/cases/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { settle } from './act.ts'
import { evaluate } from './evaluate.ts'
import { gather } from './gather.ts'
import { screenAgain } from './post.ts'
import { clearWaiting, selectMediaOwner, setMediaState } from './queries-hits.ts'
import type { Look } from './types.ts'

/**
 * A media item is ready, or something listed was found in it: its post, or the profile that shows it, is held or quarantined before
 * anybody sees it (a song's title is read from its file, too); what nothing speaks against may be seen from now on. Safe to run twice.
 */
export async function screenMedia(app: App, mediaId: string): Promise<void> {
  const item = isId(mediaId) ? await selectMediaOwner(app.database.queries, mediaId) : undefined
  if (!item || item.purpose === 'instance') return
  if (item.state === 'ready' && (item.screening === 'sealed' || item.screening === 'held')) await keepLateEvidence(app, item.id)
  if (item.screening === 'sealed') return
  if (item.post_id) await screenAgain(app, item.post_id, ['hash', 'words'])
  const look: Look = { subject: item.purpose === 'post' ? 'media' : 'profile', accountId: item.account_id, text: '', language: null, audience: null, mentions: 0, mediaIds: [item.id], postId: null }
  const seen = await gather(app, look)
  const verdict = evaluate(seen.kit.rules, seen.signals)
  await app.database.inTransaction(async (tx) => {
    const stops = verdict.outcome === 'hold' || verdict.outcome === 'refuse'
    // Of a post's media the post's own case tells; nobody needs to look at what nobody shows, but for the gravest.
    const tells = !item.post_id && (verdict.outcome === 'quarantine' || item.purpose !== 'post')
    if (tells && (item.screening === 'waiting' || (item.screening === 'clear' && verdict.outcome !== 'publish'))) {
      await settle(app, tx, { ...look, mediaIds: [] }, verdict.outcome === 'refuse' ? { ...verdict, outcome: 'hold' } : verdict, { hashes: seen.signals.hashes, mediaId: item.id, subject: `media:${item.id}` })
    }
    if (verdict.outcome === 'quarantine') await setMediaState(tx, { mediaIds: [item.id] }, 'sealed')
    else if (stops) await setMediaState(tx, { mediaIds: [item.id] }, 'held')
    else await clearWaiting(tx, item)
  })
}
