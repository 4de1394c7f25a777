import type { AccountId, AccountState, Role } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { CleanAsk } from '#server/platform/page/index.ts'

const range = (ask: CleanAsk) => ask.after ? sql`id > ${ask.after} order by id asc limit ${ask.limit + 1}` : ask.before ? sql`id < ${ask.before} order by id desc limit ${ask.limit + 1}` : sql`true order by id desc limit ${ask.limit + 1}`

export type MemberRow = { id: AccountId; join_reason: string | null; invited_by_id: AccountId | null; suspended_until: Date | null; avatar_state: string; last_post_at: Date | null; created_at: Date; email: string | null; frozen: boolean; trusted_flagger?: boolean }

export async function selectMembers(on: Queries, filter: { q: string; role: Role | null; state: AccountState | null; staff: boolean; frozen: boolean | null; invitedBy: string | null; emailKey: string | null }, ask: CleanAsk): Promise<MemberRow[]> {
  const like = `%${filter.q.replace(/[\\%_]/g, '\\$&')}%`
  const { rows } = await sql<MemberRow>`select id, join_reason, invited_by_id, suspended_until, avatar_state, last_post_at, created_at, null as email, frozen_at is not null as frozen from accounts
    where (${filter.q} = '' or search_fold(username || ' ' || display_name) like search_fold(${like}))
      and (${filter.role}::account_role is null or role = ${filter.role}::account_role)
      and (not ${filter.staff}::boolean or role <> 'member') and (${filter.frozen}::boolean is null or (frozen_at is not null) = ${filter.frozen}::boolean) and (${filter.invitedBy}::bigint is null or invited_by_id = ${filter.invitedBy}::bigint)
      and (${filter.emailKey}::text is null or id = (select c.account_id from credentials c where c.email_key = ${filter.emailKey}))
      and (case when ${filter.state}::account_state is null then state <> 'deleted' else state = ${filter.state}::account_state end)
      and ${range(ask)}`.execute(on)
  return rows
}
/** Who asked to join, oldest first, so that nobody waits for ever. Those who only have to confirm an address aren't among them. */
export async function selectWaiting(on: Queries, limit: number): Promise<MemberRow[]> {
  const { rows } = await sql<MemberRow>`select a.id, a.join_reason, a.invited_by_id, a.suspended_until, a.avatar_state, a.last_post_at, a.created_at, c.email, a.frozen_at is not null as frozen from accounts a left join credentials c on c.account_id = a.id
    where a.state = 'pending' and a.join_reason is not null order by a.id limit ${limit}`.execute(on)
  return rows
}
export type PictureRow = { id: AccountId; url: string | null; description: string }
export async function selectPictures(on: Queries, limit: number): Promise<PictureRow[]> {
  const { rows } = await sql<PictureRow>`select a.id, '/media/files/' || m.key || '/' || v.file as url, m.description from accounts a join media m on m.id = a.avatar_media_id
    left join lateral (select value->>'file' as file from jsonb_array_elements(m.variants) where value->>'mime' like 'image/%' order by (value->>'mime' = 'image/webp') desc, (value->>'width')::int desc nulls last limit 1) v on true
    where a.avatar_state = 'pending' and a.state in ('active', 'limited') order by a.id limit ${limit}`.execute(on)
  return rows
}
export async function selectMember(on: Queries, id: AccountId): Promise<MemberRow | undefined> {
  const { rows } = await sql<MemberRow>`select a.id, a.join_reason, a.invited_by_id, a.suspended_until, a.avatar_state, a.last_post_at, a.created_at, c.email, a.frozen_at is not null as frozen, a.trusted_flagger_at is not null as trusted_flagger from accounts a left join credentials c on c.account_id = a.id where a.id = ${id}`.execute(on)
  return rows[0]
}
export async function selectInvited(on: Queries, id: AccountId): Promise<AccountId[]> {
  const { rows } = await sql<{ id: AccountId }>`select id from accounts where invited_by_id = ${id} and state <> 'deleted' order by id desc limit 50`.execute(on)
  return rows.map((row) => row.id)
}
export type InvitationRow = { id: string; inviter_id: AccountId; note: string; uses: number; max_uses: number | null; expires_at: Date | null; revoked_at: Date | null; created_at: Date; joined: AccountId[] }
export async function selectInvitations(on: Queries, ask: CleanAsk): Promise<InvitationRow[]> {
  const { rows } = await sql<InvitationRow>`select id, inviter_id, note, uses, max_uses, expires_at, revoked_at, created_at,
      coalesce((select array_agg(a.id::text order by a.id desc) from (select id from accounts where invitation_id = i.id and state <> 'deleted' order by id desc limit 20) a), '{}') as joined
    from invitations i where ${range(ask)}`.execute(on)
  return rows
}
export async function updateRevoked(tx: Tx, id: string, at: Date): Promise<boolean> {
  const { rows } = await sql`update invitations set revoked_at = ${at} where id = ${id} and revoked_at is null returning 1`.execute(tx)
  return rows.length > 0
}

export type MailRow = { id: string; to_address: string; subject: string; body_text: string; kind: string; state: string; error: string | null; created_at: Date; sent_at: Date | null }
export async function updateQueued(tx: Tx, id: string): Promise<boolean> {
  const { rows } = await sql`update outbox_mails set state = 'queued', error = null where id = ${id} and state in ('failed', 'kept') and body_text <> '' returning 1`.execute(tx)
  return rows.length > 0
}
export async function selectMails(on: Queries, ask: CleanAsk, state: string | null): Promise<MailRow[]> {
  const { rows } = await sql<MailRow>`select id, to_address, subject, body_text, kind, state, error, created_at, sent_at from outbox_mails where (${state}::text is null or state = ${state}::text) and ${range(ask)}`.execute(on)
  return rows
}

export async function updateTagHidden(tx: Tx, name: string, at: Date | null): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`update tags set hidden_at = ${at} where name = ${name} returning id`.execute(tx)
  return rows[0]?.id
}
export async function upsertVeto(tx: Tx, postId: string, moderatorId: AccountId, at: Date): Promise<void> {
  await sql`insert into trend_vetoes (post_id, moderator_id, created_at) values (${postId}, ${moderatorId}, ${at}) on conflict (post_id) do nothing`.execute(tx)
}
export async function deleteVeto(tx: Tx, postId: string): Promise<void> {
  await sql`delete from trend_vetoes where post_id = ${postId}`.execute(tx)
}

/** Who runs and moderates the community: the owner first. */
export async function selectStaff(on: Queries): Promise<AccountId[]> {
  const { rows } = await sql<{ id: AccountId }>`select id from accounts where role <> 'member' and state = 'active' order by role desc, id limit 100`.execute(on)
  return rows.map((row) => row.id)
}
