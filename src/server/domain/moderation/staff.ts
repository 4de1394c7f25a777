import type { Account } from '#server/domain/accounts/index.ts'
import { notAllowed } from '#server/platform/errors.ts'
import { isStaff } from './may.ts'

/** Throws for everybody who doesn't moderate here (or can't just now). */
export function demandStaff(actor: Account): void {
  if (!isStaff(actor) || actor.state !== 'active') throw notAllowed()
}
