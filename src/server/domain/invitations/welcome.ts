import type { App } from '#server/app.ts'
import { findAccount } from '#server/domain/accounts/index.ts'
import { follow } from '#server/domain/relationships/index.ts'
import { isHearthError } from '#server/platform/errors.ts'
import { selectInviterId } from './queries.ts'

/** Who was invited follows who invited them, so that their home isn't empty; the inviter is told by it. Who is gone or in a block is left out. */
export async function followInviter(app: App, accountId: string): Promise<void> {
  const [newcomer, inviterId] = [await findAccount(app, accountId), await selectInviterId(app.database.queries, accountId)]
  if (!newcomer || !inviterId) return
  await follow(app, newcomer, inviterId).catch((error: unknown) => { if (!isHearthError(error)) throw error })
}
