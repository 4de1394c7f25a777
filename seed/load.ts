import type { Queries } from '../src/server/platform/db/index.ts'
import { sql } from 'kysely'
import { usernameKey, usernameSkeleton } from '../src/server/domain/accounts/index.ts'
import type { Town } from './build.ts'
import { cast } from './people.ts'
import { random } from './random.ts'

const batch = 4000

async function inBatches<Row>(rows: Row[], insert: (part: string) => Promise<unknown>, onPart: (count: number) => void): Promise<void> {
  for (let from = 0; from < rows.length; from += batch) {
    const part = rows.slice(from, from + batch)
    await insert(JSON.stringify(part))
    onPart(part.length)
  }
}

/** Writes a town into an empty community in large steps, then sets every counter from the rows. */
export async function loadTown(on: Queries, town: Town, newIds: { tag(index: number): string; edge(index: number): string }, passwordHash: string, onProgress: (label: string, done: number, total: number) => void): Promise<void> {
  const { members, posts } = town
  const run = async <Row>(label: string, rows: Row[], insert: (part: string) => ReturnType<typeof sql>) => {
    let done = 0
    await inBatches(rows, (part) => insert(part).execute(on), (count) => { done += count; onProgress(label, done, rows.length) })
  }
  await run('people', members.map((one) => ({ ...one, key: usernameKey(one.username), skeleton: `${usernameSkeleton(one.username)}·${one.username}`, locale: one.language === 'ar' ? 'ar' : 'en' })), (part) => sql`
    insert into accounts (id, username, username_key, username_skeleton, display_name, bio, bio_html, role, locale, default_audience, created_at, onboarded_at)
    select id, username, key, skeleton, name, bio, case when bio = '' then '' else '<p>' || bio || '</p>' end, role::account_role, locale, 'members', "createdAt", "createdAt"
    from jsonb_to_recordset(${part}::jsonb) as r(id bigint, username text, key text, skeleton text, name text, bio text, role text, locale text, "createdAt" timestamptz)`)
  await run('people', members.slice(0, cast.length).map((one) => ({ id: one.id, hash: passwordHash })), (part) => sql`
    insert into credentials (account_id, password_hash, consented_at) select id, hash, now() from jsonb_to_recordset(${part}::jsonb) as r(id bigint, hash text)`)
  await run('follows', town.follows.map(([a, b], index) => ({ a: members[a]!.id, b: members[b]!.id, id: newIds.edge(index) })), (part) => sql`
    insert into follows (follower_id, followed_id, id) select a, b, id from jsonb_to_recordset(${part}::jsonb) as r(a bigint, b bigint, id bigint)`)
  await run('tags', [...town.tags.values()].map((tag, index) => ({ ...tag, id: newIds.tag(index) })), (part) => sql`
    insert into tags (id, name, display_name) select id, name, "displayName" from jsonb_to_recordset(${part}::jsonb) as r(id bigint, name text, "displayName" text) on conflict (name) do nothing`)
  await run('posts', posts.map((post) => ({
    id: post.id, author: members[post.author]!.id, audience: post.audience, text: post.text, html: post.html, warning: post.warning, language: post.language, at: post.at,
    reply: post.replyTo === null ? null : posts[post.replyTo]!.id, reply_author: post.replyTo === null ? null : members[posts[post.replyTo]!.author]!.id, thread: posts[post.thread]!.id,
  })), (part) => sql`
    insert into posts (id, author_id, audience, text, html, warning, language, created_at, reply_to_id, reply_to_author_id, thread_id)
    select id, author, audience::audience, text, html, warning, language, at, reply, reply_author, thread
    from jsonb_to_recordset(${part}::jsonb) as r(id bigint, author bigint, audience text, text text, html text, warning text, language text, at timestamptz, reply bigint, reply_author bigint, thread bigint)`)
  await run('tags', posts.flatMap((post) => [...new Set(post.tags)].map((tag) => ({ tag, post: post.id, author: members[post.author]!.id }))), (part) => sql`
    insert into post_tags (tag_id, post_id, author_id) select t.id, r.post, r.author from jsonb_to_recordset(${part}::jsonb) as r(tag text, post bigint, author bigint) join tags t on t.name = r.tag on conflict do nothing`)
  await run('mentions', posts.flatMap((post) => post.mentions.map((who) => ({ post: post.id, who: members[who]!.id }))), (part) => sql`
    insert into post_mentions (post_id, account_id) select post, who from jsonb_to_recordset(${part}::jsonb) as r(post bigint, who bigint) on conflict do nothing`)
  await run('likes', reactions(town, 'likes'), (part) => sql`
    insert into likes (account_id, post_id, id, created_at) select who, post, id, at from jsonb_to_recordset(${part}::jsonb) as r(who bigint, post bigint, id bigint, at timestamptz) on conflict do nothing`)
  await run('boosts', reactions(town, 'boosts'), (part) => sql`
    insert into posts (id, author_id, audience, boost_of_id, created_at, thread_id) select id, who, 'public', post, at, id from jsonb_to_recordset(${part}::jsonb) as r(who bigint, post bigint, id bigint, at timestamptz) on conflict do nothing`)
  onProgress('counting', 0, 1)
  for (const statement of counters) await sql.raw(statement).execute(on)
  for (const table of ['accounts', 'posts', 'follows', 'likes', 'post_tags', 'post_mentions', 'tags']) await sql.raw(`analyze ${table}`).execute(on)
  onProgress('counting', 1, 1)
}

/** Who liked or boosted what: mostly followers' kind of people, a little while after. */
function reactions(town: Town, kind: 'likes' | 'boosts'): { who: string; post: string; id: string; at: Date }[] {
  const chance = random(kind === 'likes' ? 77 : 78)
  const last = town.posts.at(-1)?.at.getTime() ?? 0
  return town.posts.flatMap((post) => {
    const people = new Set<number>()
    for (let n = 0; n < post[kind]; n++) people.add(chance.tail(town.members.length, 1.4))
    people.delete(post.author)
    return [...people].map((who) => {
      const at = new Date(post.at.getTime() + 60_000 + chance.next() ** 3 * 2 * 86_400_000)
      return { who: town.members[who]!.id, post: post.id, at, id: ((BigInt(at.getTime()) << 16n) | BigInt(chance.int(65_536))).toString() }
    })
  }).filter((row, index, all) => row.at.getTime() <= last && (index === 0 || row.id !== all[index - 1]?.id))
}

const counters = [
  `update accounts a set posts_count = c.n, last_post_at = c.last from (select author_id, count(*) n, max(created_at) last from posts where boost_of_id is null and deleted_at is null and state = 'published' group by 1) c where c.author_id = a.id`,
  `update accounts a set followers_count = c.n from (select followed_id, count(*) n from follows where state = 'accepted' group by 1) c where c.followed_id = a.id`,
  `update accounts a set following_count = c.n from (select follower_id, count(*) n from follows where state = 'accepted' group by 1) c where c.follower_id = a.id`,
  `update posts p set likes_count = c.n from (select post_id, count(*) n from likes group by 1) c where c.post_id = p.id`,
  `update posts p set boosts_count = c.n from (select boost_of_id, count(*) n from posts where boost_of_id is not null and deleted_at is null group by 1) c where c.boost_of_id = p.id`,
  `update posts p set replies_count = c.n from (select reply_to_id, count(*) n from posts where reply_to_id is not null and deleted_at is null group by 1) c where c.reply_to_id = p.id`,
]
