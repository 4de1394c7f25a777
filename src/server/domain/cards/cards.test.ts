import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from '#server/domain/accounts/index.ts'
import { createPost, editPost, removePost, seePost } from '#server/domain/posts/index.ts'
import { sweepFiles } from '#server/domain/media/index.ts'
import { photo } from '../../../../tests/media/samples.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { cardAddress } from './address.ts'
import { cardFile, sharedLinks, sweepCards } from './index.ts'
import { decodePage, readOembed, readPage } from './read.ts'

let world: World
let server: Server
let at: (path: string) => string
const pages = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>()
const asked: string[] = []
let mara: Account
let ben: Account

beforeAll(async () => {
  server = createServer((request, response) => {
    // Screening follows links, too; what is counted here is asked for cards.
    if (String(request.headers.accept).includes('html')) asked.push(request.url ?? '')
    const answer = pages.get(request.url ?? '')
    if (answer) answer(request, response)
    else response.writeHead(404, { 'content-type': 'text/html' }).end('<title>Nothing here</title>')
  })
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done) })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  at = (path) => `http://${host}${path}`
  world = await openWorld({ HEARTH_FETCH_ALLOW: host })
  ;[mara, ben] = await Promise.all([person(world.app, 'mara'), person(world.app, 'ben')])
})
afterAll(async () => {
  await world.close()
  server.closeAllConnections()
  server.close()
})

const page = (path: string, html: string | Buffer, type = 'text/html; charset=utf-8') => { pages.set(path, (_q, r) => r.writeHead(200, { 'content-type': type }).end(html)) }
const head = (title: string, more = '') => `<!doctype html><html lang="en"><head><meta property="og:title" content="${title}">${more}</head><body>words</body></html>`
/** How the card of a new post with this text comes out. */
async function cardFor(text: string, author = mara) {
  const post = await createPost(world.app, author, { text, audience: 'public' })
  await world.work()
  return (await seePost(world.app, author, post.id)).card
}

test('a link shows what it leads to: title, words, and a picture that comes from here', async () => {
  const picture = await photo(900, 500)
  pages.set('/harbour.jpg', (_q, r) => r.writeHead(200, { 'content-type': 'image/jpeg' }).end(picture))
  page('/ferry', head('The ferry is back', `<meta property="og:description" content="From Monday on.&#x202e; Twice a day.\n"><meta property="og:site_name" content="Harbour News"><meta property="og:image" content="/harbour.jpg"><meta property="og:image:alt" content="A ferry">
    <meta name="author" content="Ada"><meta property="article:published_time" content="2026-11-02T10:00:00Z">`))
  const card = await cardFor(`Read this ${at('/ferry#times')} everyone`)
  expect(card).toMatchObject({ url: at('/ferry'), title: 'The ferry is back', description: 'From Monday on. Twice a day.', kind: 'link', language: 'en', authorName: 'Ada', providerName: 'Harbour News', publishedAt: '2026-11-02T10:00:00.000Z', pictureAlt: 'A ferry', picture: { width: 500, height: 900, thumbhash: expect.any(String) } })
  const [, , , key, name] = card!.picture!.sources[0]!.url.split('/')
  expect(await cardFile(world.app, key!, name!)).toMatchObject({ mime: expect.stringMatching(/^image\//), everybody: true })
  expect(await cardFile(world.app, key!, 'other.webp')).toBeUndefined()
})

test('a page is read once for all who share it, anew after two weeks; people who share it count once', async () => {
  page('/once', head('Once'))
  const before = asked.length
  const first = await cardFor(at('/once'))
  const again = await cardFor(`me too ${at('/once')}`, ben)
  await cardFor(`and again ${at('/once')}`, ben)
  expect([asked.length - before, again?.id]).toEqual([1, first?.id])
  const [shared] = await sharedLinks(world.app)
  expect(shared).toMatchObject({ people: 2, card: { title: 'Once' }, days: [2, 0, 0, 0, 0, 0, 0] })
  world.later(15 * 86_400_000)
  page('/once', head('Twice'))
  expect((await cardFor(at('/once')))?.title).toBe('Twice')
})

test('an edit brings another card or none; what only named people read is not looked up, nor what shows a picture instead', async () => {
  page('/one', head('One'))
  page('/two', head('Two'))
  const post = await createPost(world.app, mara, { text: at('/one'), audience: 'public' })
  await world.work()
  await editPost(world.app, mara, post.id, { text: `better: ${at('/two')}` })
  await world.work()
  expect((await seePost(world.app, mara, post.id)).card?.title).toBe('Two')
  await editPost(world.app, mara, post.id, { text: 'nothing to see' })
  await world.work()
  expect((await seePost(world.app, mara, post.id)).card).toBeNull()
  page('/secret', head('Secret'))
  await createPost(world.app, mara, { text: `@ben ${at('/secret')}`, audience: 'mentioned' })
  await world.work()
  expect(asked).not.toContain('/secret')
})

test('what can’t be read ends without a card, and trouble that may pass is tried again', async () => {
  expect(await cardFor(at('/missing'))).toBeNull()
  page('/untitled', '<p>no title</p>')
  expect(await cardFor(at('/untitled'))).toBeNull()
  page('/program', 'MZ', 'application/octet-stream')
  expect(await cardFor(at('/program'))).toBeNull()
  let times = 0
  pages.set('/busy', (q, r) => { if (String(q.headers.accept).includes('html')) times++; if (times <= 1) r.writeHead(503).end(); else r.writeHead(200, { 'content-type': 'text/html' }).end(head('Now')) })
  const post = await createPost(world.app, mara, { text: at('/busy'), audience: 'public' })
  await world.work()
  expect((await seePost(world.app, mara, post.id)).card).toBeNull()
  await world.app.database.pool.query("update graphile_worker._private_jobs set run_at = now() where key like 'card:%'")
  await world.work()
  expect((await seePost(world.app, mara, post.id)).card?.title).toBe('Now')
  page('/bad-picture', head('Fine', `<meta property="og:image" content="${at('/program')}">`))
  expect(await cardFor(at('/bad-picture'))).toMatchObject({ title: 'Fine', picture: null })
  page('/inside', head('Sly', '<meta property="og:image" content="http://169.254.169.254/latest"><meta property="og:url" content="https://other.example/">'))
  expect(await cardFor(at('/inside'))).toMatchObject({ url: at('/inside'), picture: null })
})

test('oEmbed adds words and never HTML; a direct picture is one', async () => {
  page('/oembed.json', JSON.stringify({ type: 'video', title: 'x', author_name: 'Film Club', author_url: 'https://club.example/', html: '<script>alert(1)</script>', thumbnail_url: 'javascript:alert(1)' }), 'application/json')
  page('/film', head('A film', '<link rel="alternate" type="application/json+oembed" href="/oembed.json">'))
  const card = await cardFor(at('/film'))
  expect(card).toMatchObject({ title: 'A film', kind: 'video', authorName: 'Film Club', authorUrl: 'https://club.example/', picture: null })
  expect(JSON.stringify(card)).not.toContain('<')
  const picture = await photo(300, 200)
  pages.set('/sunset.jpg', (_q, r) => r.writeHead(200, { 'content-type': 'image/jpeg' }).end(picture))
  expect(await cardFor(at('/sunset.jpg'))).toMatchObject({ kind: 'photo', title: 'sunset.jpg', picture: { height: 300 } })
})

test('a picture goes with the last post that showed its card', async () => {
  const picture = await photo(640, 400)
  pages.set('/last.jpg', (_q, r) => r.writeHead(200, { 'content-type': 'image/jpeg' }).end(picture))
  page('/last', head('Last', '<meta property="og:image" content="/last.jpg">'))
  const post = await createPost(world.app, mara, { text: at('/last'), audience: 'public' })
  await world.work()
  const card = (await seePost(world.app, mara, post.id)).card!
  const [, , , key, name] = card.picture!.sources[0]!.url.split('/')
  const file = (await cardFile(world.app, key!, name!))!
  world.later(8 * 86_400_000)
  await sweepCards(world.app)
  await sweepFiles(world.app)
  expect(await world.app.files.stat(file.name)).toBeDefined()
  await removePost(world.app, mara, post.id)
  await world.app.database.pool.query('delete from posts where id = $1', [post.id])
  await sweepCards(world.app)
  await sweepFiles(world.app)
  expect(await world.app.files.stat(file.name)).toBeUndefined()
})

test('pages are read as they were meant, whatever they hold', () => {
  expect(readPage(decodePage(Buffer.from('<title>Caf\xe9</title>', 'latin1'), 'text/html; charset=iso-8859-1'), 'https://a.example/')?.title).toBe('Café')
  expect(readPage(decodePage(Buffer.from('<meta charset="windows-1256"><title>\xe3\xd1\xcd\xc8\xc7</title>', 'latin1'), 'text/html'), 'https://a.example/')?.title).toBe('مرحبا')
  expect(readPage(decodePage(Buffer.from('<title>x</title>'), 'text/html; charset=no-such'), 'https://a.example/')?.title).toBe('x')
  expect(readPage('<title>a &amp; b <b>c</b></title>', 'https://a.example/')?.title).toBe('a & b <b>c</b>')
  expect(readPage(`<title>${'long '.repeat(200)}</title>`, 'https://a.example/')!.title.length).toBeLessThanOrEqual(300)
  expect(readPage('<title>x</title><link rel=canonical href="/better"><body><meta property="og:title" content="a comment">', 'https://a.example/y')).toMatchObject({ title: 'x', url: 'https://a.example/better', providerName: 'a.example' })
  expect(readPage('', 'https://a.example/')).toBeNull()
  for (const odd of [null, 7, 'x', [], { title: 5, type: {} }]) expect(readOembed(odd, 'https://a.example/')).toEqual({})
})

test('the first link that leads elsewhere gets the card', () => {
  const own = 'https://town.example'
  expect(cardAddress(['mailto:a@b.example', 'https://town.example/@mara', 'https://a.example/x#y', 'https://b.example/'], own)).toBe('https://a.example/x')
  expect(cardAddress(['http://me:word@a.example/', 'ftp://a.example/', 'https://a.example:22/'], own)).toBeUndefined()
})
