import type { Queries } from '../src/server/platform/db/index.ts'
import { sql } from 'kysely'
import { usernameKey, usernameSkeleton } from '../src/server/domain/accounts/index.ts'
import type { Town } from './build.ts'
import { cast } from './people.ts'
import { castNotifications, loadExtras } from './extras.ts'
import { reactions } from './reactions.ts'
import { readText } from '../src/server/platform/text/render.ts'

const batch = 4000
export type Progress = (label: string, done: number, total: number) => void
/** Inserts rows in large parts, telling how far it is. */
export type Run = <Row>(label: string, rows: Row[], insert: (part: string) => ReturnType<typeof sql>) => Promise<void>

async function inBatches<Row>(rows: Row[], insert: (part: string) => Promise<unknown>, onPart: (count: number) => void): Promise<void> {
  for (let from = 0; from < rows.length; from += batch) {
    const part = rows.slice(from, from + batch)
    await insert(JSON.stringify(part))
    onPart(part.length)
  }
}

/** Are there people of a seed already? Theirs are the ids of process 63. */
export async function seededBefore(on: Queries): Promise<boolean> {
  const { rows } = await sql`select 1 from accounts where (id >> 10) & 63 = 63 limit 1`.execute(on)
  return rows.length > 0
}

/** Writes a town into the community in large steps, then sets every counter from the rows. Without a password nobody of it can sign in and nobody has a role. */
export async function loadTown(on: Queries, town: Town, newIds: { tag(index: number): string }, passwordHash: string | null, onProgress: Progress): Promise<void> {
  const { members, posts } = town
  const run: Run = async (label, rows, insert) => {
    let done = 0
    await inBatches(rows, (part) => insert(part).execute(on), (count) => { done += count; onProgress(label, done, rows.length) })
  }
  const nobody = { people: new Map<string, string>(), emojis: new Map<string, string>() }
  const html = (text: string) => text ? readText(text).html(nobody) : ''
  await run('people', members.map((one) => ({
    ...one, role: passwordHash ? one.role : 'member', key: usernameKey(one.username), skeleton: `${usernameSkeleton(one.username)}·${one.username}`, locale: one.language === 'ar' ? 'ar' : 'en',
    html: html(one.bio), fields: one.fields.map(([name, value]) => ({ name, value, html: html(value) })),
  })), (part) => sql`
    insert into accounts (id, username, username_key, username_skeleton, display_name, bio, bio_html, fields, role, locked, locale, default_audience, default_language, created_at, updated_at, onboarded_at)
    select id, username, key, skeleton, name, bio, html, fields, role::account_role, locked, locale, 'members', language, "createdAt", "createdAt", "createdAt"
    from jsonb_to_recordset(${part}::jsonb) as r(id bigint, username text, key text, skeleton text, name text, bio text, html text, fields jsonb, role text, locked boolean, locale text, language text, "createdAt" timestamptz)`)
  if (passwordHash) await run('people', members.slice(0, cast.length).map((one) => ({ id: one.id, hash: passwordHash })), (part) => sql`
    insert into credentials (account_id, password_hash, consented_at) select id, hash, now() from jsonb_to_recordset(${part}::jsonb) as r(id bigint, hash text)`)
  await run('follows', town.follows.map(({ follower, followed, id, at, requested }) => ({ a: members[follower]!.id, b: members[followed]!.id, id, at, state: requested ? 'requested' : 'accepted' })), (part) => sql`
    insert into follows (follower_id, followed_id, id, created_at, state) select a, b, id, at, state from jsonb_to_recordset(${part}::jsonb) as r(a bigint, b bigint, id bigint, at timestamptz, state text)`)
  await run('tags', [...town.tags.values()].map((tag, index) => ({ ...tag, id: newIds.tag(index) })), (part) => sql`
    insert into tags (id, name, display_name) select id, name, "displayName" from jsonb_to_recordset(${part}::jsonb) as r(id bigint, name text, "displayName" text) on conflict (name) do nothing`)
  await run('posts', posts.map((post) => ({
    id: post.id, author: members[post.author]!.id, audience: post.audience, text: post.text, html: post.html, warning: post.warning, language: post.language, at: post.at, poll: post.poll?.id ?? null,
    reply: post.replyTo === null ? null : posts[post.replyTo]!.id, reply_author: post.replyTo === null ? null : members[posts[post.replyTo]!.author]!.id, thread: posts[post.thread]!.id,
  })), (part) => sql`
    insert into posts (id, author_id, audience, text, html, warning, sensitive, language, created_at, reply_to_id, reply_to_author_id, thread_id, poll_id)
    select id, author, audience::audience, text, html, warning, warning <> '', language, at, reply, reply_author, thread, poll
    from jsonb_to_recordset(${part}::jsonb) as r(id bigint, author bigint, audience text, text text, html text, warning text, language text, at timestamptz, reply bigint, reply_author bigint, thread bigint, poll bigint)`)
  await run('tags', posts.flatMap((post) => post.tags.map((tag) => ({ tag, post: post.id, author: members[post.author]!.id }))), (part) => sql`
    insert into post_tags (tag_id, post_id, author_id) select t.id, r.post, r.author from jsonb_to_recordset(${part}::jsonb) as r(tag text, post bigint, author bigint) join tags t on t.name = r.tag on conflict do nothing`)
  await run('mentions', posts.flatMap((post) => post.mentions.map((who) => ({ post: post.id, who: members[who]!.id }))), (part) => sql`
    insert into post_mentions (post_id, account_id) select post, who from jsonb_to_recordset(${part}::jsonb) as r(post bigint, who bigint) on conflict do nothing`)
  await run('likes', reactions(town, 'likes'), (part) => sql`
    insert into likes (account_id, post_id, id, created_at) select who, post, id, at from jsonb_to_recordset(${part}::jsonb) as r(who bigint, post bigint, id bigint, at timestamptz)`)
  await run('boosts', reactions(town, 'boosts'), (part) => sql`
    insert into posts (id, author_id, audience, boost_of_id, created_at) select id, who, 'public', post, at from jsonb_to_recordset(${part}::jsonb) as r(who bigint, post bigint, id bigint, at timestamptz)`)
  await loadExtras(town, run)
  const statements = [...counters, ...castNotifications(members.slice(0, cast.length).map((one) => one.id))]
  onProgress('counting', 0, statements.length)
  await analyze()
  for (const [at, statement] of statements.entries()) {
    // A million posts take longer to count than anybody would wait for a page; 'local' holds within a transaction alone.
    await on.transaction().execute(async (tx) => {
      await sql`set local statement_timeout = 0`.execute(tx)
      await sql.raw(statement).execute(tx)
    })
    onProgress('counting', at + 1, statements.length)
  }
  await analyze()

  async function analyze() {
    for (const table of ['accounts', 'posts', 'follows', 'likes', 'post_tags', 'post_mentions', 'tags', 'notifications']) await sql.raw(`analyze ${table}`).execute(on)
  }
}

const counters = [
  `update poll_options o set votes_count = c.n from (select poll_id, position, count(*) n from poll_votes group by 1, 2) c where c.poll_id = o.poll_id and c.position = o.position`,
  `update polls p set voters_count = c.n from (select poll_id, count(distinct account_id) n from poll_votes group by 1) c where c.poll_id = p.id`,
  `update accounts a set posts_count = c.n, last_post_at = c.last from (select author_id, count(*) n, max(created_at) last from posts where boost_of_id is null and deleted_at is null and state = 'published' group by 1) c where c.author_id = a.id`,
  `update accounts a set followers_count = c.n from (select followed_id, count(*) n from follows where state = 'accepted' group by 1) c where c.followed_id = a.id`,
  `update accounts a set following_count = c.n from (select follower_id, count(*) n from follows where state = 'accepted' group by 1) c where c.follower_id = a.id`,
  // Together: a row that is written three times leaves two behind.
  `update posts p set likes_count = c.likes, boosts_count = c.boosts, replies_count = c.replies from (
    select id, sum(likes) as likes, sum(boosts) as boosts, sum(replies) as replies from (
      select post_id as id, count(*) as likes, 0 as boosts, 0 as replies from likes group by 1
      union all select boost_of_id, 0, count(*), 0 from posts where boost_of_id is not null and deleted_at is null group by 1
      union all select reply_to_id, 0, 0, count(*) from posts where reply_to_id is not null and deleted_at is null group by 1) one group by 1) c where c.id = p.id`,
]
