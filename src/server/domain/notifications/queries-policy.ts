import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { NotificationPolicy } from './types.ts'

/**
 * 'accept', 'filter' or 'drop' for a notification `n` to the account `a` from the account `f`: the strictest of the
 * policy's answers that apply. Never held back: what staff must see, what one asked for (polls, edits of what one boosted,
 * quoted posts), moderators, and senders whom the receiver let through once. Without a policy the defaults of the table apply.
 */
export const verdictOn = sql<string>`case
  when n.from_account_id is null or n.kind in ('moderation', 'report', 'signup', 'poll', 'edit', 'quoted_update', 'announcement') or f.role <> 'member'
    or exists (select 1 from notification_permissions np where np.account_id = n.account_id and np.from_account_id = n.from_account_id) then 'accept'
  else coalesce((
    select case when 'drop' = any(answers) then 'drop' when 'filter' = any(answers) then 'filter' else 'accept' end
    from (values (0)) one left join notification_policies p on p.account_id = n.account_id
    cross join lateral (select exists (select 1 from follows t where t.follower_id = n.account_id and t.followed_id = f.id and t.state = 'accepted') as follows) ties
    cross join lateral (select array[
      case when not ties.follows then p.for_not_following end,
      case when p.for_not_followers <> 'accept' and not exists (select 1 from follows t where t.follower_id = f.id and t.followed_id = n.account_id and t.state = 'accepted'
        and t.created_at < n.created_at - interval '3 days') then p.for_not_followers end,
      case when not ties.follows and f.created_at > n.created_at - interval '30 days' then p.for_new_accounts end,
      case when f.state = 'limited' and not ties.follows then coalesce(p.for_limited_accounts, 'filter') end,
      case when p.for_private_mentions <> 'accept' and not ties.follows and n.kind in ('mention', 'reply') and exists (
        select 1 from posts m where m.id = n.post_id and m.audience = 'mentioned' and not exists (
          -- Who answers in a private talk that the receiver took part in was spoken to.
          select 1 from posts own join post_mentions named on named.post_id = own.id and named.account_id = f.id
          where own.thread_id = m.thread_id and own.author_id = n.account_id and own.id < m.id and own.deleted_at is null)) then p.for_private_mentions end
    ] as answers) said), 'accept') end`

const columns = { notFollowing: 'for_not_following', notFollowers: 'for_not_followers', newAccounts: 'for_new_accounts', privateMentions: 'for_private_mentions', limitedAccounts: 'for_limited_accounts' } as const

export async function selectPolicy(on: Queries, accountId: string): Promise<NotificationPolicy | undefined> {
  const row = await on.selectFrom('notification_policies')
    .select(['for_not_following as notFollowing', 'for_not_followers as notFollowers', 'for_new_accounts as newAccounts', 'for_private_mentions as privateMentions', 'for_limited_accounts as limitedAccounts'])
    .where('account_id', '=', accountId).executeTakeFirst()
  return row as NotificationPolicy | undefined
}

export async function upsertPolicy(tx: Tx, accountId: string, change: Partial<NotificationPolicy>, now: Date): Promise<void> {
  const set = Object.fromEntries((Object.keys(columns) as (keyof typeof columns)[]).flatMap((key) => change[key] ? [[columns[key], change[key]]] : []))
  await tx.insertInto('notification_policies').values({ account_id: accountId, ...set, updated_at: now })
    .onConflict((on) => on.column('account_id').doUpdateSet({ ...set, updated_at: now })).execute()
}
