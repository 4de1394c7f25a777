import type { Database, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import { checks } from './queries.ts'

/** How one kind of difference is mended: the table whose rows are held meanwhile, and what sets them right for these ids (`$1`). */
type Mend = { table: string; id: string; type: 'bigint' | 'text'; set: string }
const count = (of: string) => `coalesce((select count(*)::int from ${of}), 0) as n`
const account = (set: string, counted: string): Mend => ({ table: 'accounts', id: 'id', type: 'bigint', set: `update accounts a set ${set} = c.n from (select x.id, ${counted} from accounts x where x.id = any($1::bigint[])) c where c.id = a.id` })
const post = (set: string, counted: string): Mend => ({ table: 'posts', id: 'id', type: 'bigint', set: `update posts p set ${set} = c.n from (select x.id, ${counted} from posts x where x.id = any($1::bigint[])) c where c.id = p.id` })

export const mends: Record<string, Mend> = {
  'accounts.posts_count': account('posts_count', count("posts where author_id = x.id and deleted_at is null and state = 'published' and boost_of_id is null")),
  'accounts.followers_count': account('followers_count', count("follows where followed_id = x.id and state = 'accepted'")),
  'accounts.following_count': account('following_count', count("follows where follower_id = x.id and state = 'accepted'")),
  'accounts.last_post_at': account('last_post_at', "coalesce((select max(created_at) from posts where author_id = x.id and deleted_at is null and state = 'published'), x.created_at) as n"),
  'posts.likes_count': post('likes_count', count('likes where post_id = x.id')),
  'posts.boosts_count': post('boosts_count', count('posts where boost_of_id = x.id and deleted_at is null')),
  'posts.replies_count': post('replies_count', count("posts where reply_to_id = x.id and deleted_at is null and state = 'published'")),
  'posts.media_count': post('media_count', count('media where post_id = x.id')),
  'posts.reply_to_author_id': post('reply_to_author_id', '(select author_id from posts r where r.id = x.reply_to_id) as n'),
  // The first post of a thread is where its answers lead, however deep.
  'posts.thread_id': { table: 'posts', id: 'id', type: 'bigint', set: `with recursive up as (select id as post, id, reply_to_id, 0 as steps from posts where id = any($1::bigint[])
      union all select up.post, r.id, r.reply_to_id, up.steps + 1 from up join posts r on r.id = up.reply_to_id where up.steps < 10000)
    update posts p set thread_id = f.id from (select distinct on (post) post, id from up order by post, steps desc) f where f.post = p.id` },
  'poll_options.votes_count': { table: 'poll_options', id: "poll_id || '/' || position", type: 'text', set: `update poll_options o set votes_count = coalesce((select count(*)::int from poll_votes v where v.poll_id = o.poll_id and v.position = o.position), 0) where o.poll_id || '/' || o.position = any($1::text[])` },
  'polls.voters_count': { table: 'polls', id: 'id', type: 'bigint', set: 'update polls p set voters_count = coalesce((select count(distinct account_id)::int from poll_votes v where v.poll_id = p.id), 0) where p.id = any($1::bigint[])' },
  'invitations.uses': { table: 'invitations', id: 'id', type: 'bigint', set: 'update invitations i set uses = coalesce((select count(*)::int from accounts a where a.invitation_id = i.id), 0) where i.id = any($1::bigint[])' },
}

/** Every row that disagrees, by id. Reads whole tables: as long as that takes. */
export async function selectWrong(database: Database, name: string): Promise<string[]> {
  return database.inTransaction(async (tx) => {
    await sql`set local statement_timeout = 0`.execute(tx)
    const { rows } = await sql<{ id: string }>`select id::text from (${sql.raw(checks[name]!)}) wrong`.execute(tx)
    return rows.map((row) => row.id)
  })
}

/**
 * Holds these rows, then counts: whoever likes or answers meanwhile has either been counted, or adds to what was counted.
 * One statement could see an old number and write it over a new one.
 */
export async function mendRows(tx: Tx, name: string, ids: string[]): Promise<void> {
  const { table, id, type, set } = mends[name]!
  await sql`select 1 from ${sql.raw(table)} where ${sql.raw(id)} = any(${ids}::${sql.raw(type)}[]) order by ${sql.raw(id)} for update`.execute(tx)
  const [before = '', after = ''] = set.split(`$1::${type}[]`)
  await sql`${sql.raw(before)}${ids}::${sql.raw(type)}[]${sql.raw(after)}`.execute(tx)
}

const searched: Record<string, string> = { posts: 'text = text', media: 'description = description' }
const indexes = ['posts_search', 'posts_text_trgm', 'accounts_search', 'tags_search', 'media_search']

export const searchedTables = Object.keys(searched)
/** The next ids of a table, from one on. */
export async function selectIdsAfter(tx: Tx, table: string, after: string, most: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id::text from ${sql.raw(table)} where id > ${after} order by id limit ${most}`.execute(tx)
  return rows.map((row) => row.id)
}
/** Has the words that search looks for made anew from the text. */
export async function renewWords(tx: Tx, table: string, ids: string[]): Promise<void> {
  await sql`update ${sql.raw(table)} set ${sql.raw(searched[table]!)} where id = any(${ids}::bigint[])`.execute(tx)
}
export async function countRows(tx: Tx, table: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.raw(table)}`.execute(tx)
  return rows[0]!.n
}
/** Builds the indexes of search anew, beside those in use. */
export async function renewIndexes(database: Database, onStep: (done: number, all: number) => void): Promise<void> {
  const client = await database.pool.connect()
  try {
    await client.query('set statement_timeout = 0')
    for (const [at, name] of indexes.entries()) {
      onStep(at, indexes.length)
      await client.query(`reindex index concurrently ${name}`)
    }
  } finally {
    // What was set for this connection goes with it.
    client.release(true)
  }
}
/** Every process forgets the answers it keeps, and makes them anew. */
export async function forgetKeptEverywhere(database: Database): Promise<void> {
  await database.pool.query("select pg_notify('hearth_changes', 'g')")
}
