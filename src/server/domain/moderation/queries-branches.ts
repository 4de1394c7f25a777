import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { CleanAsk } from '#server/platform/page/index.ts'

/** A branch ends here, so that nobody waits for a tree without end. */
export const branchEnds = { people: 2000, depth: 50 }

const below = (root: string) => sql`with recursive branch as (
    select id, 0 as depth from accounts where id = ${root}
    union all select a.id, b.depth + 1 from branch b join accounts a on a.invited_by_id = b.id where b.depth < ${branchEnds.depth}),
  people as materialized (select id, min(depth) as depth from (select id, depth from branch limit ${branchEnds.people + 1}) x group by id)`

export type BranchRow = { people: number; active: number; limited: number; suspended: number; waiting: number; posts: number; upheld: number; open: number; held: number; depth: number }
/** Of the people below each of these members (not themselves): how many there are and how they fared. Counting stops at the branch's end. */
export async function countBranch(on: Queries, root: string, now: Date): Promise<BranchRow> {
  const { rows } = await sql<BranchRow>`${below(root)}
    select count(*) filter (where p.depth > 0)::int as people, count(*) filter (where p.depth > 0 and a.state = 'active')::int as active, count(*) filter (where p.depth > 0 and a.state = 'limited')::int as limited,
      count(*) filter (where p.depth > 0 and a.state in ('suspended', 'deleted') and (a.state = 'suspended' or s.n > 0))::int as suspended, count(*) filter (where p.depth > 0 and a.state = 'pending')::int as waiting,
      coalesce(sum(a.posts_count) filter (where p.depth > 0), 0)::int as posts, coalesce(sum(s.n) filter (where p.depth > 0), 0)::int as upheld, coalesce(max(p.depth), 0)::int as depth,
      count(*) filter (where p.depth > 0 and t.held_until > ${now})::int as held,
      coalesce(sum((select count(*) from invitations i where i.inviter_id = a.id and i.revoked_at is null and (i.expires_at is null or i.expires_at > ${now}) and (i.max_uses is null or i.uses < i.max_uses))), 0)::int as open
    from people p join accounts a on a.id = p.id left join trust t on t.account_id = a.id
    left join lateral (select count(*)::int as n from decisions d where d.account_id = a.id and d.strike > 0 and d.reversed_by_id is null and d.undone_at is null) s on true`.execute(on)
  return rows[0]!
}

export type BranchMember = { id: AccountId; created_at: Date; upheld: number; invited: number; level: number | null; held_until: Date | null }
const member = sql.raw(`a.id, a.created_at, (select count(*)::int from decisions d where d.account_id = a.id and d.strike > 0 and d.reversed_by_id is null and d.undone_at is null) as upheld,
  (select count(*)::int from (select 1 from accounts x where x.invited_by_id = a.id limit 1000) y) as invited, t.level, t.held_until`)
/** Whom a member invited, the newest first. */
export async function selectChildren(on: Queries, inviterId: string, ask: CleanAsk): Promise<BranchMember[]> {
  const { rows } = await sql<BranchMember>`select ${member} from accounts a left join trust t on t.account_id = a.id where a.invited_by_id = ${inviterId}
    and ${ask.before ? sql`a.id < ${ask.before}::bigint` : ask.after ? sql`a.id > ${ask.after}::bigint` : sql`true`} order by a.id ${ask.after ? sql`asc` : sql`desc`} limit ${ask.limit + 1}`.execute(on)
  return rows
}
/** Where trees begin: who invited somebody and was invited by nobody, the newest first. */
export async function selectRoots(on: Queries, ask: CleanAsk): Promise<BranchMember[]> {
  const { rows } = await sql<BranchMember>`select ${member} from accounts a left join trust t on t.account_id = a.id where a.invited_by_id is null and exists (select 1 from accounts x where x.invited_by_id = a.id)
    and ${ask.before ? sql`a.id < ${ask.before}::bigint` : ask.after ? sql`a.id > ${ask.after}::bigint` : sql`true`} order by a.id ${ask.after ? sql`asc` : sql`desc`} limit ${ask.limit + 1}`.execute(on)
  return rows
}
/** By whom somebody came, and by whom those came: the nearest first. */
export async function selectAbove(on: Queries, id: string): Promise<AccountId[]> {
  const { rows } = await sql<{ id: AccountId }>`with recursive up as (select invited_by_id as id, 1 as steps from accounts where id = ${id} and invited_by_id is not null
    union all select a.invited_by_id, u.steps + 1 from up u join accounts a on a.id = u.id where a.invited_by_id is not null and u.steps < ${branchEnds.depth}) select id from up order by steps`.execute(on)
  return rows.map((row) => row.id)
}
/** The people of a branch, its root first; `newcomers`: ordinary members below it who came lately or are hardly trusted yet. */
export async function selectBranch(on: Queries | Tx, root: string, since: Date): Promise<{ id: AccountId; newcomer: boolean }[]> {
  const { rows } = await sql<{ id: AccountId; newcomer: boolean }>`${below(root)}
    select p.id, p.depth > 0 and a.role = 'member' and a.state in ('pending', 'active', 'limited') and (a.created_at > ${since} or coalesce(t.level, 0) < 2) and t.pinned is null as newcomer
    from people p join accounts a on a.id = p.id left join trust t on t.account_id = a.id order by p.depth, p.id`.execute(on)
  return rows
}
/** Ends the open links of these people; how many there were. */
export async function revokeOf(tx: Tx, inviterIds: string[], at: Date): Promise<number> {
  const { rows } = await sql`update invitations set revoked_at = ${at} where inviter_id = any(${inviterIds}::bigint[]) and revoked_at is null and (expires_at is null or expires_at > ${at}) returning 1`.execute(tx)
  return rows.length
}

/** Who joined by themselves since a moment, and in the time before it. */
export async function selectSignUps(on: Queries, since: Date, from: Date): Promise<{ now: number; before: number }> {
  const { rows } = await sql<{ now: number; before: number }>`select count(*) filter (where created_at > ${since})::int as now, count(*) filter (where created_at <= ${since})::int as before
    from accounts where created_at > ${from} and came_by is not null`.execute(on)
  return rows[0]!
}
