import { exportLines, importKinds } from '#server/domain/imports/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { orErrorPage, requireViewer } from '../../../../forms.server.ts'
import type { RequestHandler } from './$types.ts'

const names = { following: 'following_accounts', muted: 'muted_accounts', blocked: 'blocked_accounts', lists: 'lists', bookmarks: 'bookmarks', filters: 'filters' }

/** One of the member's lists as CSV, streamed. */
export const GET: RequestHandler = async ({ locals, url, params }) => {
  const viewer = requireViewer(locals, url)
  const kind = importKinds.find((one) => one === params.kind)
  await orErrorPage(async () => { if (!kind) throw notFound(); await locals.app.limits.use({ name: 'exportLists', most: 60, seconds: 3600 }, viewer.id) })
  const lines = exportLines(locals.app, viewer, kind!)
  const encoder = new TextEncoder()
  const body = new ReadableStream({ async pull(controller) { const { done, value } = await lines.next(); if (done) controller.close(); else controller.enqueue(encoder.encode(value)) }, cancel: () => void lines.return(undefined) })
  return new Response(body, { headers: { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="${names[kind!]}.csv"`, 'cache-control': 'private, no-store' } })
}
