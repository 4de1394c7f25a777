import type { App } from '#server/app.ts'
import { isFetchError } from '#server/platform/fetch/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { linksIn, readLink } from './links.ts'
import { lookOf, screenAgain } from './post.ts'
import { selectStored } from './queries-facts.ts'
import { selectResolved, upsertChain } from './queries-later.ts'

const mostLinks = 5
const againMs = 7 * 86_400_000

/** Job: where the links of a post lead in the end, through shorteners and redirects; then the rules look again. Asked of the outside at most once a week for a link. */
export async function resolveLinks(app: App, postId: string): Promise<void> {
  const [row] = isId(postId) ? await selectStored(app.database.queries, [postId]) : []
  if (!row || row.audience === 'mentioned') return
  const links = linksIn((await lookOf(app, row)).text).slice(0, mostLinks)
  const known = await selectResolved(app.database.queries, links.map((link) => link.url), new Date(app.now().getTime() - againMs))
  for (const link of links) {
    if (known.has(link.url)) continue
    const answer = await app.outbound.ask(link.address, { bytes: 0, seconds: 10 }).catch((error: unknown) => { if (isFetchError(error)) return error.code; throw error })
    const end = typeof answer === 'string' ? null : readLink(answer.url)
    await upsertChain(app.database.queries, { url: link.url, chain: end && end.url !== link.url ? [end.address] : [], error: typeof answer === 'string' ? answer : null, at: app.now() })
  }
  await screenAgain(app, row.id, ['linked'])
}
