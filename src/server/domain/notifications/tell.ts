import type { App } from '#server/app.ts'
import { followerIds } from '#server/domain/relationships/index.ts'
import type { HearthEvent } from '#server/event.ts'
import { whoMaySee } from './hearers.ts'
import { dismissNotifications, dismissOfPost, insertNotifications, selectActiveIds, selectAnnouncementTimes, selectBoosters, selectPostFacts, selectQuoters, selectReported, selectStaffIds, selectVoters } from './queries.ts'
import type { NewNotification } from './queries.ts'
import { upsertRequests } from './queries-requests.ts'
import type { NotificationKind } from './types.ts'
import { forgetUnread } from './unread.ts'

type Note = { to: string; kind: NotificationKind; from?: string | null; postId?: string | null; data?: Record<string, string>; group: string }

const batch = 500 // rows a transaction

/** Writes notifications and signals each receiver's open pages; what a policy sets aside becomes a request, silently. Twice is once: what was told isn't told again. */
export async function tellMany(app: App, notes: Note[]): Promise<void> {
  for (let at = 0; at < notes.length; at += batch) {
    const rows = notes.slice(at, at + batch).map((note) => rowOf(app, note))
    const made = await app.database.inTransaction(async (tx) => {
      const all = await insertNotifications(tx, rows)
      await upsertRequests(tx, all.filter((row) => row.filtered).map((row) => row.id), () => app.newId(), app.now())
      const made = all.filter((row) => !row.filtered)
      if (made.length) await app.record(tx, { type: 'notifications.made', ids: made.map((row) => row.id) })
      await app.bus.publishAll(tx, made.map((row) => ({ type: 'notification', accountId: row.account_id, notificationId: row.id })))
      return made
    })
    forgetUnread(app, made.map((row) => row.account_id))
  }
}

const rowOf = (app: App, note: Note): NewNotification => ({
  id: app.newId(), account_id: note.to, kind: note.kind, from_account_id: note.from ?? null, post_id: note.postId ?? null, data: note.data ?? {}, group_key: note.group, created_at: app.now(),
})

/** Who hears of an event. Nobody hears of a post they may not see. */
export async function tell(app: App, event: HearthEvent): Promise<void> {
  const day = app.now().toISOString().slice(0, 10)
  switch (event.type) {
    case 'follow.accepted': {
      // Who asked has been answered.
      await dismissNotifications(app.database.queries, event.followedId, app.now(), `follow_request:${event.followerId}`)
      return tellMany(app, [{ to: event.followedId, kind: 'follow', from: event.followerId, group: `follow:${day}` }])
    }
    case 'follow.requested': return tellMany(app, [{ to: event.followedId, kind: 'follow_request', from: event.followerId, group: `follow_request:${event.followerId}` }])
    case 'post.liked': return tellAuthor(app, event.postId, event.accountId, 'like')
    case 'post.boosted': return tellAuthor(app, event.postId, event.accountId, 'boost')
    case 'post.created': return tellOfPost(app, event.postId, true)
    case 'post.edited': await tellOfPost(app, event.postId, false); return tellOfEdit(app, event.postId)
    case 'post.removed': return forgetOfPost(app, event.postId)
    case 'poll.ended': return tellOfPoll(app, event.pollId, event.postId)
    case 'account.waiting': return tellStaff(app, { kind: 'signup', from: event.accountId, group: `signup:${day}` })
    // Who is reported hears nothing of it, also where they moderate.
    case 'report.made': return tellStaff(app, { kind: 'report', group: `report:${event.reportId}`, data: { reportId: event.reportId } }, await selectReported(app.database.queries, event.reportId))
    case 'announcement.published': return tellEverybody(app, event)
    default: return
  }
}

async function tellAuthor(app: App, postId: string, from: string, kind: 'like' | 'boost'): Promise<void> {
  const facts = await selectPostFacts(app.database.queries, postId)
  if (facts) await tellMany(app, [{ to: facts.author_id, kind, from, postId, group: `${kind}:${postId}` }])
}

/** Who is answered, quoted or named, and (of a new post) who asked to hear of each post of the author. Whoever is named by a later edit hears, too. */
async function tellOfPost(app: App, postId: string, isNew: boolean): Promise<void> {
  const facts = await selectPostFacts(app.database.queries, postId)
  if (!facts) return
  const notes = new Map<string, Note>()
  const add = (to: string, kind: NotificationKind) => { if (!notes.has(to)) notes.set(to, { to, kind, from: facts.author_id, postId, group: `${kind}:${postId}` }) }
  if (facts.reply_to_author_id) add(facts.reply_to_author_id, 'reply')
  if (facts.quoted_author_id) add(facts.quoted_author_id, 'quote')
  for (const to of facts.mentioned ?? []) add(to, 'mention')
  if (isNew) for (const to of await followerIds(app, facts.author_id, true)) add(to, 'post')
  const seen = await whoMaySee(app, postId, [...notes.keys()])
  await tellMany(app, [...notes.values()].filter((note) => seen.has(note.to)))
}

/** Those who boosted or quoted the post hear of each edit: they stand for what it says. */
async function tellOfEdit(app: App, postId: string): Promise<void> {
  const facts = await selectPostFacts(app.database.queries, postId)
  if (!facts?.edited_at) return
  const group = `edit:${postId}-${facts.edited_at.getTime()}`
  for (let after = '0', more = true; more;) {
    const boosters = await selectBoosters(app.database.queries, postId, after, batch)
    const seen = await whoMaySee(app, postId, boosters)
    await tellMany(app, boosters.filter((to) => seen.has(to)).map((to) => ({ to, kind: 'edit', from: facts.author_id, postId, group })))
    more = boosters.length === batch
    after = boosters.at(-1) ?? after
  }
  const quoted = `quoted_update:${postId}-${facts.edited_at.getTime()}`
  for (let after = '0', more = true; more;) {
    const quoters = await selectQuoters(app.database.queries, postId, after, batch)
    const seen = await whoMaySee(app, postId, quoters.map((one) => one.to))
    await tellMany(app, quoters.filter((one) => seen.has(one.to)).map((one) => ({ to: one.to, kind: 'quoted_update', from: facts.author_id, postId: one.quoteId, group: quoted })))
    more = quoters.length === batch
    after = quoters.at(-1)?.to ?? after
  }
}

async function forgetOfPost(app: App, postId: string): Promise<void> {
  const told = await app.database.inTransaction(async (tx) => {
    const told = await dismissOfPost(tx, postId, app.now())
    await app.bus.publishAll(tx, told.map((accountId) => ({ type: 'notification', accountId, notificationId: '0' })))
    return told
  })
  forgetUnread(app, told)
}

async function tellOfPoll(app: App, pollId: string, postId: string): Promise<void> {
  const facts = await selectPostFacts(app.database.queries, postId)
  if (!facts) return
  const group = `poll:${pollId}`
  await tellMany(app, [{ to: facts.author_id, kind: 'poll', postId, group }])
  for (let after = '0', more = true; more;) {
    const voters = await selectVoters(app.database.queries, pollId, after, batch)
    const seen = await whoMaySee(app, postId, voters)
    await tellMany(app, voters.filter((to) => to !== facts.author_id && seen.has(to)).map((to) => ({ to, kind: 'poll', from: facts.author_id, postId, group })))
    more = voters.length === batch
    after = voters.at(-1) ?? after
  }
}

/** Every member gets a row, in batches; open pages are signalled once, not once each. What starts later is told when it starts. */
async function tellEverybody(app: App, event: Extract<HearthEvent, { type: 'announcement.published' }>): Promise<void> {
  const times = await selectAnnouncementTimes(app.database.queries, event.announcementId)
  if (!times || (times.ends_at && times.ends_at <= app.now())) return
  if (times.starts_at && times.starts_at > app.now()) {
    return app.jobs.add(app.database.queries, 'event', { ...event }, { runAt: times.starts_at, key: `announcement:${event.announcementId}` })
  }
  for (let after = '0', more = true; more;) {
    const ids = await selectActiveIds(app.database.queries, after, batch)
    const rows = ids.filter((to) => to !== times.author_id).map((to) => rowOf(app, { to, kind: 'announcement', group: `announcement:${event.announcementId}`, data: { announcementId: event.announcementId } }))
    await app.database.inTransaction((tx) => insertNotifications(tx, rows))
    more = ids.length === batch
    after = ids.at(-1) ?? after
  }
  await app.database.inTransaction((tx) => app.bus.publish(tx, { type: 'announcement', announcementId: times.starts_at ? event.announcementId : undefined }))
  forgetUnread(app)
}

async function tellStaff(app: App, note: Omit<Note, 'to'>, except?: string): Promise<void> {
  const ids = (await selectStaffIds(app.database.queries)).filter((id) => id !== except)
  await tellMany(app, ids.map((to) => ({ ...note, to })))
}
