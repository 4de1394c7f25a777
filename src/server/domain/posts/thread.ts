import type { App } from '#server/app.ts'
import type { Viewer } from '#server/domain/accounts/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { selectThread } from './queries.ts'
import { selectAfterInThread, selectAncestors } from './queries-acts.ts'
import type { PostId, PostsAsk, ThreadView } from './types.ts'
import { postViews, seePost } from './view.ts'
import { readerOf } from './reader.ts'

const most = { ancestors: 60, thread: 5000 }

/**
 * A post with what it answers and its answers, in reading order with their depth. Answers come in pages:
 * `after` is the last answer already seen. A hidden answer is left out, what answers it stays.
 */
export async function threadOf(app: App, viewer: Viewer, id: PostId, ask: PostsAsk = {}): Promise<ThreadView> {
  const seen = await seePost(app, viewer, id)
  const focus = seen.boostOf ?? seen
  const on = app.database.queries
  const [ancestorIds, threadId, eyes] = await Promise.all([selectAncestors(on, focus.id, most.ancestors), selectThread(on, focus.id), readerOf(app, viewer)])
  if (!threadId) throw notFound()
  const rows = await selectAfterInThread(on, threadId, focus.id, eyes, most.thread)
  const inOrder = readingOrder(focus.id, rows)
  const start = ask.after ? inOrder.findIndex((row) => row.id === ask.after) + 1 : 0
  const page = inOrder.slice(start, start + Math.min(100, Math.max(1, ask.limit ?? 60)))
  const views = await postViews(app, viewer, [...ancestorIds, ...page.map((row) => row.id)], { filter: 'thread', annotate: ask.annotate })
  const byId = new Map(views.map((view) => [view.id, view]))
  return {
    ancestors: ancestorIds.flatMap((ancestor) => byId.get(ancestor) ?? []),
    post: focus,
    replies: page.flatMap(({ id: reply, depth }) => { const post = byId.get(reply); return post && !post.viewer.mutedAuthor ? [{ post, depth }] : [] }),
    moreReplies: start + page.length < inOrder.length ? page.at(-1)?.id ?? null : null,
  }
}

/** Depth first, oldest first. */
function readingOrder(top: PostId, rows: { id: PostId; reply_to_id: PostId; visible: boolean }[]): { id: PostId; depth: number }[] {
  const children = Map.groupBy(rows, (row) => row.reply_to_id)
  const order: { id: PostId; depth: number }[] = []
  const stack = (children.get(top) ?? []).map((row) => ({ row, depth: 1 })).reverse()
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { row, depth } = next
    if (row.visible) order.push({ id: row.id, depth })
    for (const child of (children.get(row.id) ?? []).toReversed()) stack.push({ row: child, depth: depth + 1 })
  }
  return order
}
