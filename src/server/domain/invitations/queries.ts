import type { Queries, Tx } from '#server/platform/db/index.ts'

export type InvitationRow = { id: string; code: string; inviter_id: string; note: string; max_uses: number | null; uses: number; expires_at: Date | null; revoked_at: Date | null; created_at: Date }
const columns = ['id', 'code', 'inviter_id', 'note', 'max_uses', 'uses', 'expires_at', 'revoked_at', 'created_at'] as const

export async function insertInvitation(on: Queries | Tx, row: Omit<InvitationRow, 'uses' | 'revoked_at'>): Promise<InvitationRow> {
  return on.insertInto('invitations').values(row).returning(columns).executeTakeFirstOrThrow()
}
export async function selectInvitation(on: Queries, code: string): Promise<InvitationRow | undefined> {
  return on.selectFrom('invitations').select(columns).where('code', '=', code).executeTakeFirst()
}
export async function selectInvitations(on: Queries, inviterId: string): Promise<InvitationRow[]> {
  return on.selectFrom('invitations').select(columns).where('inviter_id', '=', inviterId).orderBy('id', 'desc').limit(100).execute()
}
/** One use, unless it has ended; the row lock makes sure that uses never pass the maximum. */
export async function useInvitation(tx: Tx, code: string, now: Date): Promise<{ id: string; inviter_id: string } | undefined> {
  return tx.updateTable('invitations').set((eb) => ({ uses: eb('uses', '+', 1) })).where('code', '=', code).where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
    .where((eb) => eb.or([eb('max_uses', 'is', null), eb('uses', '<', eb.ref('max_uses'))]))
    .returning(['id', 'inviter_id']).executeTakeFirst()
}
/** Whether there was one to end. */
export async function setRevoked(on: Queries | Tx, id: string, inviterId: string | null, now: Date): Promise<boolean> {
  let query = on.updateTable('invitations').set({ revoked_at: now }).where('id', '=', id).where('revoked_at', 'is', null)
  if (inviterId) query = query.where('inviter_id', '=', inviterId)
  return (await query.executeTakeFirst()).numUpdatedRows > 0n
}
export async function selectInviterId(on: Queries, accountId: string): Promise<string | null> {
  return (await on.selectFrom('accounts').select('invited_by_id').where('id', '=', accountId).executeTakeFirst())?.invited_by_id ?? null
}
