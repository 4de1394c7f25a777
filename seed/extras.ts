import { sql } from 'kysely'
import { idsFrom } from './build.ts'
import type { Town } from './build.ts'
import type { Run } from './load.ts'
import { cast } from './people.ts'
import { random } from './random.ts'
import { day } from './rhythm.ts'

/** Polls with votes, bookmarks, edits, pinned posts and followed tags. */
export async function loadExtras(town: Town, run: Run): Promise<void> {
  const { members, posts, graph } = town
  const chance = random(79)
  const last = posts.at(-1)?.at ?? new Date(0)
  const asked = posts.flatMap((post) => post.poll ? [{ post, poll: post.poll }] : [])
  await run('polls', asked.map(({ post, poll }) => ({ id: poll.id, post: post.id, multiple: poll.multiple, ends: poll.endsAt, told: poll.endsAt < last ? poll.endsAt : null })), (part) => sql`
    insert into polls (id, post_id, multiple, ends_at, ended_told_at) select id, post, multiple, ends, told from jsonb_to_recordset(${part}::jsonb) as r(id bigint, post bigint, multiple boolean, ends timestamptz, told timestamptz)`)
  await run('polls', asked.flatMap(({ poll }) => poll.options.map((title, position) => ({ id: poll.id, title, position }))), (part) => sql`
    insert into poll_options (poll_id, position, title) select id, position, title from jsonb_to_recordset(${part}::jsonb) as r(id bigint, position smallint, title text)`)
  await run('polls', asked.flatMap(({ post, poll }) => chance.shuffled(graph.followers[post.author]!, 4 + chance.tail(90, 2)).flatMap((who) =>
    chance.shuffled(poll.options.map((_, position) => position), poll.multiple ? 1 + chance.int(2) : 1).map((position) => ({ id: poll.id, who: members[who]!.id, position, at: new Date(Math.min(last.getTime(), post.at.getTime() + chance.int(day))) })))), (part) => sql`
    insert into poll_votes (poll_id, account_id, position, created_at) select id, who, position, at from jsonb_to_recordset(${part}::jsonb) as r(id bigint, who bigint, position smallint, at timestamptz)`)

  const ids = idsFrom(59)
  await run('bookmarks', posts.flatMap((post) => {
    const followers = graph.followers[post.author]!
    return post.audience !== 'mentioned' && followers.length && chance.chance(0.03) ? [{ who: members[chance.chance(0.1) && post.audience !== 'followers' && post.author !== 0 ? 0 : chance.pick(followers)]!.id, post: post.id, id: ids(post.at), at: post.at }] : []
  }), (part) => sql`
    insert into bookmarks (account_id, post_id, id, created_at) select who, post, id, at from jsonb_to_recordset(${part}::jsonb) as r(who bigint, post bigint, id bigint, at timestamptz)`)

  const editIds = idsFrom(58)
  await run('edits', posts.filter((post) => post.edited && !post.poll).flatMap((post) => {
    const later = new Date(Math.min(last.getTime(), post.at.getTime() + 60_000 + chance.int(3_600_000)))
    return [
      { id: editIds(post.at), post: post.id, text: post.text.replace(/[.!?。।]$/u, ''), html: post.html.replace(/[.!?。।]<\/p>$/u, '</p>'), warning: post.warning, at: post.at, last: later },
      { id: editIds(later), post: post.id, text: post.text, html: post.html, warning: post.warning, at: later, last: later },
    ]
  }), (part) => sql`
    with rows as materialized (select * from jsonb_to_recordset(${part}::jsonb) as r(id bigint, post bigint, text text, html text, warning text, at timestamptz, last timestamptz)),
    changed as (update posts p set edited_at = rows.last from rows where p.id = rows.post and p.edited_at is null)
    insert into post_edits (id, post_id, text, html, warning, sensitive, created_at) select id, post, text, html, warning, warning <> '', at from rows`)

  const everyday = [...town.tags.keys()]
  await run('followed tags', members.flatMap((one, index) => index < cast.length || chance.chance(0.3) ? chance.shuffled(everyday, 1 + chance.int(4)).map((tag) => ({ who: one.id, tag })) : []), (part) => sql`
    insert into tag_follows (account_id, tag_id) select r.who, t.id from jsonb_to_recordset(${part}::jsonb) as r(who bigint, tag text) join tags t on t.name = r.tag on conflict do nothing`)
  const best = members.slice(0, cast.length).flatMap((_, author) => {
    const own = posts.filter((post) => post.author === author && post.audience === 'public' && post.replyTo === null).sort((a, b) => b.likes - a.likes)[0]
    return own ? [{ post: own.id, at: new Date(Math.min(last.getTime(), own.at.getTime() + 3_600_000)) }] : []
  })
  await run('pinned', best, (part) => sql`update posts p set pinned_at = r.at from jsonb_to_recordset(${part}::jsonb) as r(post bigint, at timestamptz) where p.id = r.post`)
}

/** What these people heard of in the last two weeks, in the groups the notifications room makes. Their older half counts as read. */
export function castNotifications(ids: string[]): string[] {
  const mine = `(${ids.join(', ')})`
  const recent = (column: string) => `${column} > (select max(created_at) - interval '14 days' from posts)`
  const columns = 'insert into notifications (id, account_id, kind, from_account_id, post_id, group_key, created_at)'
  return [
    `${columns} select f.id, f.followed_id, 'follow', f.follower_id, null, 'follow:' || to_char(f.created_at at time zone 'utc', 'YYYY-MM-DD'), f.created_at from follows f where f.state = 'accepted' and f.followed_id in ${mine} and ${recent('f.created_at')} on conflict do nothing`,
    `${columns} select f.id, f.followed_id, 'follow_request', f.follower_id, null, 'follow_request:' || f.follower_id, f.created_at from follows f where f.state = 'requested' and f.followed_id in ${mine} on conflict do nothing`,
    `${columns} select l.id, p.author_id, 'like', l.account_id, p.id, 'like:' || p.id, l.created_at from likes l join posts p on p.id = l.post_id where p.author_id in ${mine} and ${recent('l.created_at')} on conflict do nothing`,
    `${columns} select b.id, p.author_id, 'boost', b.author_id, p.id, 'boost:' || p.id, b.created_at from posts b join posts p on p.id = b.boost_of_id where p.author_id in ${mine} and ${recent('b.created_at')} on conflict do nothing`,
    `${columns} select p.id, p.reply_to_author_id, 'reply', p.author_id, p.id, 'reply:' || p.id, p.created_at from posts p where p.reply_to_author_id in ${mine} and p.author_id <> p.reply_to_author_id and ${recent('p.created_at')} on conflict do nothing`,
    `${columns} select p.id, m.account_id, 'mention', p.author_id, p.id, 'mention:' || p.id, p.created_at from post_mentions m join posts p on p.id = m.post_id where m.account_id in ${mine} and p.author_id <> m.account_id and p.reply_to_author_id is distinct from m.account_id and ${recent('p.created_at')} on conflict do nothing`,
    `insert into notification_markers (account_id, last_read_id) select account_id, percentile_disc(0.9) within group (order by id) from notifications where account_id in ${mine} group by account_id on conflict do nothing`,
  ]
}
