import type { Account } from '#server/domain/accounts/index.ts'
import { notAllowed } from '#server/platform/errors.ts'

/** Throws for everybody who doesn't moderate here (or can't just now). */
export function demandStaff(actor: Account): void {
  if (actor.role === 'member' || actor.state !== 'active') throw notAllowed()
}
