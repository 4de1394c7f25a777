import type { App } from '#server/app.ts'
import { invalidForm } from '#server/platform/errors.ts'
import { isTaken } from '#server/platform/db/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { insertAccount, selectTaken } from './queries.ts'
import type { AccountId, AccountState, Role } from './types.ts'
import { checkUsername, usernameKey, usernameSkeleton } from './username.ts'

export type AccountToMake = {
  username: string; displayName?: string; role?: Role; state?: AccountState; locale?: 'en' | 'ar'; defaultAudience?: string
  joinReason?: string; invitedById?: string | null; invitationId?: string | null; createdAt?: Date
  /** by which door, when they joined by themselves */
  cameBy?: 'open' | 'approval' | 'invitation'
}

/** Makes an account. Throws a form error on `username` when the name is bad, taken, or looks like somebody else's. */
export async function createAccount(app: App, tx: Tx, wanted: AccountToMake): Promise<AccountId> {
  const username = wanted.username.normalize('NFKC')
  const problem = checkUsername(username)
  if (problem) throw invalidForm([problem])
  const key = usernameKey(username)
  const skeleton = usernameSkeleton(username)
  const taken = await selectTaken(tx, key, skeleton)
  if (taken) throw invalidForm([{ field: 'username', message: taken === 'name' ? 'error.usernameTaken' : 'error.usernameLookAlike' }])
  const id = app.newId<'account'>()
  try {
    await insertAccount(tx, {
      id, username, username_key: key, username_skeleton: skeleton, display_name: wanted.displayName ?? '', role: wanted.role ?? 'member', state: wanted.state ?? 'active',
      locale: wanted.locale ?? 'en', default_audience: wanted.defaultAudience ?? 'members', join_reason: wanted.joinReason ?? null,
      invited_by_id: wanted.invitedById ?? null, invitation_id: wanted.invitationId ?? null, came_by: wanted.cameBy ?? null, created_at: wanted.createdAt ?? app.now(),
    })
  } catch (error) {
    // Two people asked for the same name at the same moment.
    if (isTaken(error)) throw invalidForm([{ field: 'username', message: 'error.usernameTaken' }])
    throw error
  }
  return id
}
