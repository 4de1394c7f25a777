import type { App } from '#server/app.ts'
import { deleteConversations, selectSaid, settleConversations, upsertConversations } from './queries.ts'

/** What names more people than this is an announcement, not a conversation. */
const mostPeople = 100

/** A post was published or edited: those in it find it among their conversations. Posts for more than named people are none. Twice is once. */
export async function noteConversation(app: App, postId: string): Promise<void> {
  const said = await selectSaid(app.database.queries, postId, app.now())
  if (!said || said.party_ids.length > mostPeople) return
  const rows = said.party_ids.map((account_id) => ({
    id: app.newId<'conversation'>(), account_id, thread_id: said.thread_id, participant_ids: said.party_ids.filter((id) => id !== account_id), last_post_id: postId, unread: said.hearing_ids.includes(account_id),
  }))
  await app.database.inTransaction(async (tx) => {
    const noted = await upsertConversations(tx, rows)
    await settleConversations(tx, postId)
    await app.bus.publishAll(tx, noted.map((row) => ({ type: 'conversation', accountId: row.account_id, conversationId: row.id })))
  })
}

/** A post is gone: conversations that ended with it end with the one before, or go too. Twice is once. */
export async function forgetConversationPost(app: App, postId: string): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    const changed = await settleConversations(tx, postId)
    await app.bus.publishAll(tx, changed.map((row) => ({ type: 'conversation', accountId: row.account_id, conversationId: row.id })))
  })
}

/** The conversations of an account that left; the others keep theirs. */
export async function forgetConversations(app: App, accountId: string): Promise<void> {
  await app.database.inTransaction((tx) => deleteConversations(tx, accountId))
}
