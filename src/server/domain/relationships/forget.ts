import type { App } from '#server/app.ts'
import type { AccountId } from '#server/domain/accounts/index.ts'
import { deleteTies } from './queries-forget.ts'

/** All follows, requests, mutes and blocks of an account that left, both ways, with the others' counters. */
export async function forgetTies(app: App, accountId: AccountId): Promise<void> {
  await app.database.inTransaction((tx) => deleteTies(tx, accountId))
}
