import type { App } from '#server/app.ts'
import { isFetchError } from '#server/platform/fetch/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { makeCardPicture } from './picture.ts'
import { beginTry, endCard, finishCard, selectCard, selectUsers } from './queries.ts'
import { decodePage, readOembed, readPage } from './read.ts'
import type { CardFacts } from './types.ts'

const pageBytes = 1024 * 1024
const mostTries = 4
const pauses = [60_000, 600_000, 3_600_000]
/** Posts that are told at once; older ones show it when they are read. */
const mostTold = 30

/**
 * Job: reads what a link leads to. Trouble that may pass is tried again in a while, a few times; what can't be shown ends as
 * a card that isn't shown. Open pages and apps hear of it.
 */
export async function readCard(app: App, cardId: string): Promise<void> {
  const card = isId(cardId) ? await selectCard(app.database.queries, cardId) : undefined
  if (!card) return
  const tries = await beginTry(app.database.queries, card.id)
  try {
    const facts = await read(app, card.address)
    const picture = facts?.picture ? await makeCardPicture(app, facts.picture, facts.kind === 'photo' ? 20 : 8) : null
    if (!facts) { await endCard(app.database.queries, card.id, app.now()); return }
    await app.database.inTransaction(async (tx) => {
      await finishCard(tx, card.id, facts, picture, app.now())
      await app.jobs.add(tx, 'screenCard', { cardId: card.id }, { key: `screenCard:${card.id}` })
      for (const post of await selectUsers(tx, card.id, mostTold)) await app.bus.publish(tx, { type: 'post.edited', postId: post.id as never, authorId: post.author_id as never })
    })
  } catch (error) {
    if (!isFetchError(error)) throw error
    const passing = ['unreachable', 'tooSlow', 'resting'].includes(error.code)
    if (!passing || tries >= mostTries) return endCard(app.database.queries, card.id, app.now())
    await app.jobs.add(app.database.queries, 'readCard', { cardId: card.id }, { key: `card:${card.id}`, runAt: new Date(app.now().getTime() + (pauses[tries - 1] ?? 3_600_000)), maxAttempts: 1, priority: 5 })
  }
}

/** Null: there is nothing to show. Rejects with a FetchError. */
async function read(app: App, address: string): Promise<CardFacts | null> {
  const page = await app.outbound.ask(address, { bytes: pageBytes, tooLong: 'cut', types: ['text/html', 'application/xhtml+xml', 'image/*'], seconds: 12, headers: { accept: 'text/html,application/xhtml+xml;q=0.9,image/*;q=0.5' } })
  if (page.status >= 500 || page.status === 429) throw Object.assign(new Error('busy'), { fetch: true as const, code: 'unreachable' as const, detail: String(page.status) })
  if (page.status >= 300) return null
  const here = new URL(page.url)
  if (page.type.startsWith('image/')) {
    const name = decodeURIComponent(here.pathname.split('/').at(-1) ?? '').slice(0, 100)
    return { url: page.url, title: name || here.hostname, description: '', kind: 'photo', language: null, authorName: '', authorUrl: '', providerName: here.hostname.replace(/^www\./, ''), providerUrl: here.origin, publishedAt: null, picture: page.url, pictureAlt: '' }
  }
  const said = readPage(decodePage(page.body, String(page.headers['content-type'] ?? '')), page.url)
  if (!said) return null
  const { oembed, ...facts } = said
  if (!oembed) return facts
  // More about it, where the page names it; without it, the page's own words do.
  const more = await app.outbound.ask(oembed, { bytes: 64 * 1024, types: ['application/json', 'text/json', 'application/json+oembed'], seconds: 6, headers: { accept: 'application/json' } })
    .then((answer) => answer.status < 300 ? readOembed(JSON.parse(answer.body.toString('utf8')), page.url) : {}, () => ({}))
    .catch(() => ({}))
  return { ...facts, ...more, title: facts.title, picture: facts.picture ?? (more as Partial<CardFacts>).picture ?? null }
}
