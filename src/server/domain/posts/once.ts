import type { Account } from '#server/domain/accounts/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { takeIdempotencyKey } from './queries.ts'

/** Takes an idempotency key for what is being made; the id of what was made with it before, when there is one. */
export async function onceFor(tx: Tx, author: Account, key: string, id: string): Promise<string | undefined> {
  return takeIdempotencyKey(tx, author.id, key.slice(0, 200), id)
}
