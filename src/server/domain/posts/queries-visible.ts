import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import { withheldIn } from '#server/domain/withholding/index.ts'
import type { RawBuilder } from 'kysely'

/** `country`: from where is read, as far as something is withheld there (`readerOf`). */
export type Reader = { readerId: AccountId | null; readMode: 'everyone' | 'members'; country: string | null }
type Condition = RawBuilder<boolean>

/** `visibleTo` as a condition on the posts row `alias`, boosts included. Every list of posts uses it. */
export function visiblePost(alias: string, reader: Reader): Condition {
  if (reader.readerId === null && reader.readMode === 'members') return sql<boolean>`false`
  const p = sql.ref(`${alias}.boost_of_id`)
  return sql<boolean>`(${visibleAlone(alias, reader)} and (${p} is null or exists (select 1 from posts original where original.id = ${p} and ${visibleAlone('original', reader)})))`
}

/**
 * The same for the row alone: what it boosts isn't looked at. `offset 0` keeps each question one look into an index: without it the planner
 * may read everything that the reader ever followed, liked or was named in, to have it ready for a page of twenty.
 */
export function visibleAlone(alias: string, { readerId, country }: Pick<Reader, 'readerId' | 'country'>): Condition {
  const col = (name: string) => sql.ref(`${alias}.${name}`)
  const author = col('author_id')
  // Where nothing is withheld, nothing is asked.
  const shownHere = country === null ? sql`` : sql`and not ${withheldIn(alias, country)}`
  if (readerId === null) {
    return sql<boolean>`(${col('deleted_at')} is null and ${col('state')} = 'published' and ${col('audience')} = 'public'
      and not ('adults' = any(${col('marks')})) and exists (select 1 from accounts va where va.id = ${author} and va.state = 'active' offset 0) ${shownHere})`
  }
  const me = sql`${readerId}::bigint`
  const follows = sql`exists (select 1 from follows vf where vf.follower_id = ${me} and vf.followed_id = ${author} and vf.state = 'accepted' offset 0)`
  const named = sql`exists (select 1 from post_mentions vm where vm.post_id = ${col('id')} and vm.account_id = ${me} offset 0)`
  return sql<boolean>`(${col('deleted_at')} is null and case when ${author} = ${me} then ${col('state')} <> 'removed' else
      ${col('state')} = 'published' and (not ('adults' = any(${col('marks')})) or exists (select 1 from accounts vm where vm.id = ${me} and vm.preferences @> '{"adult": true}' offset 0)) ${shownHere}
      and case ${col('audience')} when 'public' then true when 'members' then true when 'followers' then ${follows} or ${named} else ${named} end
      and exists (select 1 from accounts va where va.id = ${author} and (va.state = 'active' or va.state = 'limited' and ${follows}) offset 0)
      and not exists (select 1 from blocks vb where vb.blocker_id = ${me} and vb.blocked_id = ${author} offset 0)
      and not exists (select 1 from blocks vb where vb.blocker_id = ${author} and vb.blocked_id = ${me} offset 0) end)`
}

export async function isVisible(on: Queries, postId: string, reader: Reader): Promise<boolean> {
  const { rows } = await sql`select from posts p where p.id = ${postId} and ${visiblePost('p', reader)}`.execute(on)
  return rows.length > 0
}
