import type { App } from '#server/app.ts'
import { findAccount } from '#server/domain/accounts/index.ts'
import { seePost } from '#server/domain/posts/index.ts'
import { followerIds } from '#server/domain/relationships/index.ts'
import type { HearthEvent } from '#server/event.ts'
import { isHearthError } from '#server/platform/errors.ts'
import { insertNotifications, selectActiveIds, selectPostFacts, selectStaffIds, selectVoters } from './queries.ts'
import type { NotificationKind } from './types.ts'

type Note = { to: string; kind: NotificationKind; from?: string | null; postId?: string | null; data?: Record<string, string>; group: string }

/** Writes notifications and signals each receiver's open pages. Twice is once: what was told isn't told again. */
export async function tellMany(app: App, notes: Note[]): Promise<void> {
  if (notes.length === 0) return
  await app.database.inTransaction(async (tx) => {
    const made = await insertNotifications(tx, notes.map((note) => ({
      id: app.newId(), account_id: note.to, kind: note.kind, from_account_id: note.from ?? null, post_id: note.postId ?? null,
      data: (note.data ?? {}) as unknown as string, group_key: note.group, created_at: app.now(),
    })))
    for (const row of made) await app.bus.publish(tx, { type: 'notification', accountId: row.account_id, notificationId: row.id })
  })
}

/** Who hears of an event. Nobody hears of a post they may not see. */
export async function tell(app: App, event: HearthEvent): Promise<void> {
  const day = app.now().toISOString().slice(0, 10)
  switch (event.type) {
    case 'follow.accepted': return tellMany(app, [{ to: event.followedId, kind: 'follow', from: event.followerId, group: `follow:${day}` }])
    case 'follow.requested': return tellMany(app, [{ to: event.followedId, kind: 'follow_request', from: event.followerId, group: `follow_request:${event.followerId}` }])
    case 'post.liked': return tellAuthor(app, event.postId, event.accountId, 'like')
    case 'post.boosted': return tellAuthor(app, event.postId, event.accountId, 'boost')
    case 'post.created': return tellOfPost(app, event.postId)
    case 'poll.ended': {
      const facts = await selectPostFacts(app.database.queries, event.postId)
      if (!facts) return
      const voters = await selectVoters(app.database.queries, event.pollId)
      return tellMany(app, [...new Set([facts.author_id, ...voters])].map((to) => ({ to, kind: 'poll' as const, from: to === facts.author_id ? null : facts.author_id, postId: event.postId, group: `poll:${event.pollId}` })))
    }
    case 'account.waiting': return tellStaff(app, 'signup', event.accountId, `signup:${day}`)
    case 'report.made': return tellStaff(app, 'report', null, `report:${event.reportId}`, { reportId: event.reportId })
    case 'announcement.published': {
      let after = '0'
      for (;;) {
        const ids = await selectActiveIds(app.database.queries, after, 2000)
        await tellMany(app, ids.map((to) => ({ to, kind: 'announcement', group: `announcement:${event.announcementId}`, data: { announcementId: event.announcementId } })))
        if (ids.length < 2000) return
        after = ids.at(-1)!
      }
    }
    default: return
  }
}

async function tellAuthor(app: App, postId: string, from: string, kind: 'like' | 'boost'): Promise<void> {
  const facts = await selectPostFacts(app.database.queries, postId)
  if (facts) await tellMany(app, [{ to: facts.author_id, kind, from, postId, group: `${kind}:${postId}` }])
}

async function tellOfPost(app: App, postId: string): Promise<void> {
  const facts = await selectPostFacts(app.database.queries, postId)
  if (!facts) return
  const notes = new Map<string, Note>()
  if (facts.reply_to_author_id) notes.set(facts.reply_to_author_id, { to: facts.reply_to_author_id, kind: 'reply', from: facts.author_id, postId, group: `reply:${postId}` })
  for (const to of facts.mentioned ?? []) if (!notes.has(to)) notes.set(to, { to, kind: 'mention', from: facts.author_id, postId, group: `mention:${postId}` })
  const seen = await Promise.all([...notes.values()].slice(0, 100).map(async (note) => (await mayHear(app, note.to, postId)) ? note : null))
  const subscribers = (await followerIds(app, facts.author_id, true)).filter((id) => !notes.has(id))
  await tellMany(app, [...seen.filter((note) => note !== null), ...subscribers.map((to) => ({ to, kind: 'post' as const, from: facts.author_id, postId, group: `post:${postId}` }))])
}

async function mayHear(app: App, accountId: string, postId: string): Promise<boolean> {
  const account = await findAccount(app, accountId)
  if (!account) return false
  return seePost(app, account, postId).then(() => true, (error: unknown) => { if (isHearthError(error)) return false; throw error })
}

async function tellStaff(app: App, kind: 'signup' | 'report', from: string | null, group: string, data: Record<string, string> = {}): Promise<void> {
  const ids = await selectStaffIds(app.database.queries)
  await tellMany(app, ids.map((to) => ({ to, kind, from, group, data })))
}
