import type { Account } from '#server/domain/accounts/index.ts'
import { notAllowed } from '#server/platform/errors.ts'

/** Only those who may speak: not the suspended, not those who wait. */
export function requireVoice(account: Account): void {
  if (account.state !== 'active' && account.state !== 'limited') throw notAllowed()
}
