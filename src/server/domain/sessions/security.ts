import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { passkeysOf } from './passkeys.ts'
import type { PasskeyView } from './passkeys.ts'
import { countRecoveryCodes, selectCredentials } from './queries.ts'

export type Security = { email: string | null; emailConfirmed: boolean; totp: boolean; recoveryCodesLeft: number; passkeys: PasskeyView[] }

/** What the member's security page shows. */
export async function securityOf(app: App, account: Account): Promise<Security> {
  const [credentials, left, passkeys] = await Promise.all([selectCredentials(app.database.queries, account.id), countRecoveryCodes(app.database.queries, account.id), passkeysOf(app, account)])
  return { email: credentials?.email ?? null, emailConfirmed: !!credentials?.email_confirmed_at, totp: !!credentials?.totp_confirmed_at, recoveryCodesLeft: left, passkeys }
}
