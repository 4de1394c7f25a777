import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import { postViews } from '#server/domain/posts/index.ts'
import type { Page, PageAsk } from '#server/domain/posts/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { cleanAsk, cutPage } from '#server/platform/page/index.ts'
import { countUnread, selectConversation, selectConversations, setRemoved, setUnread } from './queries.ts'
import type { ListRow } from './queries.ts'
import type { ConversationId, ConversationView } from './types.ts'

const mostCounted = 100

/** The member's conversations, the newest word first; cursors are ids of posts. Left out: those whose last post they may not see any more. */
export async function conversationsOf(app: App, viewer: Account, ask: PageAsk = {}): Promise<Page<ConversationView>> {
  const clean = cleanAsk(ask)
  const page = cutPage(await selectConversations(app.database.queries, viewer.id, clean), clean, (row) => row.last_post_id)
  return { ...page, items: await viewsOf(app, viewer, page.items) }
}

/** One of the member's conversations; those of others are not found. */
export async function seeConversation(app: App, viewer: Account, id: ConversationId): Promise<ConversationView> {
  const row = isId(id) ? await selectConversation(app.database.queries, viewer.id, id) : undefined
  const [view] = row ? await viewsOf(app, viewer, [row]) : []
  if (!view) throw notFound()
  return view
}

/** The member has read it (or, with `unread`, wants to read it again). Twice is once. */
export async function readConversation(app: App, viewer: Account, id: ConversationId, unread = false): Promise<void> {
  await change(app, viewer, id, (tx) => setUnread(tx, viewer.id, id, unread))
}

/** Takes it off the member's list, until something new is said; the others keep theirs. */
export async function removeConversation(app: App, viewer: Account, id: ConversationId): Promise<void> {
  await change(app, viewer, id, (tx) => setRemoved(tx, viewer.id, id))
}

/** How many wait to be read; stops counting at 100. */
export async function unreadConversations(app: App, viewer: Account): Promise<number> {
  return countUnread(app.database.queries, viewer.id, mostCounted)
}

async function change(app: App, viewer: Account, id: ConversationId, work: (tx: Tx) => Promise<boolean>): Promise<void> {
  if (!isId(id)) throw notFound()
  await app.database.inTransaction(async (tx) => { if (!await work(tx)) throw notFound() })
}

async function viewsOf(app: App, viewer: Account, rows: ListRow[]): Promise<ConversationView[]> {
  const [accounts, posts] = await Promise.all([accountViews(app, [viewer.id, ...rows.flatMap((row) => row.participant_ids)]), postViews(app, viewer, rows.map((row) => row.last_post_id))])
  const postOf = new Map(posts.map((post) => [post.id, post]))
  return rows.flatMap((row) => {
    const lastPost = postOf.get(row.last_post_id)
    const others = (row.participant_ids.length ? row.participant_ids : [viewer.id]).flatMap((id) => accounts.get(id) ?? [])
    return lastPost ? [{ id: row.id, unread: row.unread, accounts: others, lastPost }] : []
  })
}
