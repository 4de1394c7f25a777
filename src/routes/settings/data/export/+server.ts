import { profileOf } from '#server/domain/accounts/index.ts'
import { accountTimeline } from '#server/domain/timelines/index.ts'
import { requireViewer } from '../../../forms.server.ts'
import type { RequestHandler } from './$types.ts'

/** Everything the member wrote, as one JSON document, streamed page by page: memory doesn't grow with it. */
export const GET: RequestHandler = async ({ locals, url }) => {
  const viewer = requireViewer(locals, url)
  const { app } = locals
  await app.limits.use({ name: 'export', most: 5, seconds: 3600 }, viewer.id)
  const head = { exportedAt: app.now().toISOString(), username: viewer.username, profile: await profileOf(app, viewer) }
  const encoder = new TextEncoder()
  async function* parts() {
    yield `${JSON.stringify(head).slice(0, -1)},"posts":[`
    let first = true
    for (const tab of ['posts', 'replies'] as const) {
      let before: string | undefined
      do {
        const page = await accountTimeline(app, viewer, viewer.id, tab, { before, limit: 80 })
        for (const post of page.items.filter((one) => one.viewer.mine && !one.boostOf && (tab === 'posts') === (one.replyTo === null))) {
          yield `${first ? '' : ','}${JSON.stringify({ id: post.id, url: `${app.config.publicUrl}${post.url}`, createdAt: post.createdAt, editedAt: post.editedAt, audience: post.audience, warning: post.warning, text: post.text, replyTo: post.replyTo?.id ?? null, media: post.media.map((one) => ({ description: one.description, url: one.largeUrl ?? one.sources[0]?.url ?? null })) })}`
          first = false
        }
        before = page.older ?? undefined
      } while (before)
    }
    yield ']}\n'
  }
  const pages = parts()
  const body = new ReadableStream({ async pull(controller) { const { done, value } = await pages.next(); if (done) controller.close(); else controller.enqueue(encoder.encode(value)) }, cancel: () => void pages.return(undefined) })
  return new Response(body, { headers: { 'content-type': 'application/json; charset=utf-8', 'content-disposition': `attachment; filename="hearth-export.json"`, 'cache-control': 'private, no-store' } })
}
