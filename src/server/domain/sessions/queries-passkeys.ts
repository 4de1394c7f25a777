import type { Queries, Tx } from '#server/platform/db/index.ts'
import { isId } from '#server/platform/ids/index.ts'

export type PasskeyRow = { id: string; account_id: string; credential_id: string; public_key: Buffer; counter: string; transports: string[]; name: string; created_at: Date; last_used_at: Date | null }
const columns = ['id', 'account_id', 'credential_id', 'public_key', 'counter', 'transports', 'name', 'created_at', 'last_used_at'] as const

export async function selectPasskeys(on: Queries | Tx, accountId: string): Promise<PasskeyRow[]> {
  return on.selectFrom('passkeys').select(columns).where('account_id', '=', accountId).orderBy('id').limit(50).execute()
}
export async function selectPasskey(on: Queries, credentialId: string): Promise<PasskeyRow | undefined> {
  return on.selectFrom('passkeys').select(columns).where('credential_id', '=', credentialId).executeTakeFirst()
}
/** False when this passkey is known already. */
export async function insertPasskey(tx: Tx, row: { id: string; account_id: string; credential_id: string; public_key: Buffer; counter: number; transports: string[]; name: string; created_at: Date }): Promise<boolean> {
  const result = await tx.insertInto('passkeys').values(row).onConflict((on) => on.column('credential_id').doNothing()).executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}
export async function touchPasskey(on: Queries, id: string, counter: number, now: Date): Promise<void> {
  await on.updateTable('passkeys').set({ counter, last_used_at: now }).where('id', '=', id).execute()
}
export async function deletePasskey(on: Queries, accountId: string, id: string): Promise<void> {
  if (isId(id)) await on.deleteFrom('passkeys').where('id', '=', id).where('account_id', '=', accountId).execute()
}
