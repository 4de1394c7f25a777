import { error } from '@sveltejs/kit'
import { profileOf } from '#server/domain/accounts/index.ts'
import { ownWords } from '#server/domain/appeals/index.ts'
import type { RequestHandler } from './$types.ts'

/** A suspended member takes their words along: one JSON document, streamed. Everybody else has the export of the settings. */
export const GET: RequestHandler = async ({ locals }) => {
  const { app, suspended } = locals
  if (!suspended) error(404, 'notFound', { code: 'notFound' })
  await app.limits.use({ name: 'export', most: 5, seconds: 3600 }, suspended.id)
  const head = JSON.stringify({ exportedAt: app.now().toISOString(), username: suspended.username, profile: await profileOf(app, suspended) })
  const encoder = new TextEncoder()
  async function* parts() {
    yield `${head.slice(0, -1)},"posts":[`
    let first = true
    for await (const page of ownWords(app, suspended!)) {
      yield `${first ? '' : ','}${page.map((post) => JSON.stringify(post)).join(',')}`
      first = false
    }
    yield ']}\n'
  }
  const pages = parts()
  const body = new ReadableStream({ async pull(controller) { const { done, value } = await pages.next(); if (done) controller.close(); else controller.enqueue(encoder.encode(value)) }, cancel: () => void pages.return(undefined) })
  return new Response(body, { headers: { 'content-type': 'application/json; charset=utf-8', 'content-disposition': 'attachment; filename="hearth-export.json"', 'cache-control': 'private, no-store' } })
}
