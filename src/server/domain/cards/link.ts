import type { App } from '#server/app.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { cardAddress } from './address.ts'
import { deletePostCard, deleteUnused, setPostCard, takeCard } from './queries.ts'

/** A card that is older is read again when somebody shares it anew. */
const freshMs = 14 * 86_400_000
/** One that couldn't be had. */
const againMs = 6 * 3_600_000

/** A published post has these links: it gets the card of the first that leads elsewhere, which a job reads, or loses the one it had. May run twice. */
export async function linkPost(app: App, postId: string, links: string[]): Promise<void> {
  const address = cardAddress(links, app.config.publicUrl, app.config.fetchAllow)
  if (!address) {
    await deletePostCard(app.database.queries, postId)
    return
  }
  await app.database.inTransaction(async (tx: Tx) => {
    const at = app.now()
    const card = await takeCard(tx, { id: app.newId(), address, at })
    await setPostCard(tx, postId, card.id, at)
    const age = card.fetched_at ? at.getTime() - card.fetched_at.getTime() : Infinity
    if (age > (card.state === 'ready' ? freshMs : againMs)) await app.jobs.add(tx, 'readCard', { cardId: card.id }, { key: `card:${card.id}`, maxAttempts: 1, priority: 5 })
  })
}

/** Job: takes away cards that no post shows any more; their pictures go with the sweep of files. */
export async function sweepCards(app: App): Promise<void> {
  const before = new Date(app.now().getTime() - 7 * 86_400_000)
  while (await deleteUnused(app.database.queries, before, 500) === 500);
}
