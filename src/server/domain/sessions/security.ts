import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { countRecoveryCodes, selectCredentials } from './queries.ts'

/** What the member's security page shows. */
export async function securityOf(app: App, account: Account): Promise<{ email: string | null; emailConfirmed: boolean; totp: boolean; recoveryCodesLeft: number }> {
  const [credentials, left] = await Promise.all([selectCredentials(app.database.queries, account.id), countRecoveryCodes(app.database.queries, account.id)])
  return { email: credentials?.email ?? null, emailConfirmed: !!credentials?.email_confirmed_at, totp: !!credentials?.totp_confirmed_at, recoveryCodesLeft: left }
}
