import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'

/** Asked before somebody follows one more; throws what is too much. */
export type FollowGate = (app: App, viewer: Account) => Promise<void>
const key = 'relationships.gate'

/** Who is asked. Set once, where the parts are wired. */
export function useFollowGate(app: App, gate: FollowGate): void {
  app.caches.set(key, gate)
}

export const followGate = async (app: App, viewer: Account): Promise<void> => { await (app.caches.get(key) as FollowGate | undefined)?.(app, viewer) }
