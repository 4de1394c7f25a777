import type { App } from '#server/app.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { notAllowed } from '#server/platform/errors.ts'
import { deleteLimits, insertLimit, selectLimits } from './queries-limits.ts'
import type { Account, AccountId } from './types.ts'

/** What moderators can stop an account doing: posting and boosting at all, showing media, linking, answering others. */
export type LimitedThing = 'posts' | 'media' | 'links' | 'replies'
/** `until`: ISO time of its end; null where it has none */
export type AccountLimit = { what: LimitedThing; until: string | null }

const codes: Record<LimitedThing, string> = { posts: 'coolDown', media: 'mediaStopped', links: 'linksStopped', replies: 'repliesStopped' }

/** Throws `notAllowed` with a code of its own when moderators stopped the account doing one of these. */
export async function demandUnlimited(app: App, account: Account, doing: Partial<Record<LimitedThing, boolean>>): Promise<void> {
  for (const { what, until } of await selectLimits(app.database.queries, account.id, app.now())) {
    if (doing[what]) throw notAllowed(until ? `${codes[what]}Until` : codes[what], until ? { until: until.toISOString().slice(0, 16).replace('T', ' ') } : {})
  }
}

/** What the account can't do now. What is over is left out. */
export async function limitsOf(app: App, accountId: AccountId): Promise<AccountLimit[]> {
  return (await selectLimits(app.database.queries, accountId, app.now())).map(({ what, until }) => ({ what, until: until?.toISOString() ?? null }))
}

/** Stops an account doing something, until then or until somebody lifts it. Who may is decided above (moderation). */
export async function setLimit(tx: Tx, accountId: AccountId, limit: { what: LimitedThing; until: Date | null }): Promise<void> {
  await insertLimit(tx, accountId, limit)
}

/** Lifts what was put on the account, or puts back exactly these. */
export async function restoreLimits(tx: Tx, accountId: AccountId, limits: AccountLimit[], only?: LimitedThing[]): Promise<void> {
  await deleteLimits(tx, accountId, only ?? ['posts', 'media', 'links', 'replies'])
  for (const { what, until } of limits) if (!only || only.includes(what)) await insertLimit(tx, accountId, { what, until: until === null ? null : new Date(until) })
}
