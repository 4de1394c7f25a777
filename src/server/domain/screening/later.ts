import type { App } from '#server/app.ts'
import { settle } from './act.ts'
import { evaluate } from './evaluate.ts'
import { gather } from './gather.ts'
import { screenAgain } from './post.ts'
import { selectCardWords, selectNewcomer, selectPostsOfCard } from './queries-later.ts'
import type { Look } from './types.ts'

const mostPosts = 100

/** Job: the title of a page became known. The newest posts that link to it are looked at again for its words. */
export async function screenCard(app: App, cardId: string): Promise<void> {
  for (const postId of await selectPostsOfCard(app.database.queries, cardId, mostPosts)) await screenAgain(app, postId, ['words'])
}

/** Event post.created, post.edited: the page it links to is known already. */
export async function screenPostCard(app: App, postId: string): Promise<void> {
  if (await selectCardWords(app.database.queries, postId)) await screenAgain(app, postId, ['words'])
}

/** Events account.joined and account.waiting: the name somebody chose, and why they want to join. Nobody is turned away by a rule: somebody looks. Safe to run twice. */
export async function screenNewcomer(app: App, accountId: string): Promise<void> {
  const account = await selectNewcomer(app.database.queries, accountId)
  if (!account || account.seen) return
  const look: Look = { subject: 'profile', accountId: account.id, text: [account.username, account.display_name, account.join_reason].filter(Boolean).join('\n'), language: null, audience: null, mentions: 0, mediaIds: [], postId: null }
  const seen = await gather(app, look)
  const verdict = evaluate(seen.kit.rules, seen.signals)
  const stops = verdict.outcome === 'refuse' || verdict.outcome === 'hold' || verdict.outcome === 'quarantine'
  await app.database.inTransaction((tx) => settle(app, tx, look, stops ? { ...verdict, outcome: 'flag' } : verdict, { hashes: [], subject: `name:${account.id}` }))
}
