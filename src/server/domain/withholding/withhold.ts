import type { App } from '#server/app.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { insertRows, updateEnded, updateQuietUntil } from './queries.ts'

type Wish = { accountId: string; /** none: the whole account */ postIds: string[]; countries: string[]; decisionId: string; authority: string; reference: string; quietUntil: Date | null }

/** Nobody who reads from these countries sees it any more, in the transaction of what was decided. The decision and its record are the caller's. */
export async function withhold(app: App, tx: Tx, wish: Wish): Promise<void> {
  const { postIds, ...rest } = wish
  await insertRows(tx, (postIds.length ? postIds : [null]).map((postId) => ({ id: app.newId(), postId })), { ...rest, at: app.now() })
  await tellAll(app, tx, wish.accountId, postIds)
}

/** It shows everywhere again: what one decision withheld, or all that is withheld of these posts, or an account. False where there was nothing. */
export async function showAgain(app: App, tx: Tx, by: { decisionId: string } | { postIds: string[] } | { accountId: string }): Promise<boolean> {
  const ended = await updateEnded(tx, by, app.now())
  for (const [accountId, own] of Map.groupBy(ended, (row) => row.account_id)) await tellAll(app, tx, accountId, own.flatMap((row) => row.post_id ?? []))
  return ended.length > 0
}

/** Until then readers aren't told why: an authority ordered silence. */
export async function quietAbout(tx: Tx, decisionIds: string[], until: Date | null): Promise<void> {
  await updateQuietUntil(tx, decisionIds, until)
}

/** Pages that are open read it again. */
async function tellAll(app: App, tx: Tx, accountId: string, postIds: string[]): Promise<void> {
  await app.bus.publishAll(tx, postIds.map((postId) => ({ type: 'post.edited', postId, authorId: accountId })))
  await app.bus.publish(tx, { type: 'account.changed', accountId })
}
