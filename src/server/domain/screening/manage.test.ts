import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { deskQueue } from '#server/domain/cases/index.ts'
import { verifyAudit } from '#server/domain/instance/index.ts'
import { createPost, seePost } from '#server/domain/posts/index.ts'
import * as screening from './index.ts'

let world: World, server: Server, base: string
let mara: Account, ines: Account, tomas: Account, reader: Account
/** What the classifier of these tests was asked, and what it says. */
const asked: { body: Record<string, unknown>; authorization?: string }[] = []
let says: (() => string) | null = null

beforeAll(async () => {
  server = createServer((request, response) => void answer(request).then((reply) => {
    if ('to' in reply) response.writeHead(302, { location: reply.to }).end()
    else response.writeHead(reply.status, { 'content-type': 'application/json' }).end(reply.body)
  }))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  base = `http://127.0.0.1:${port}`
  world = await openWorld({ HEARTH_FETCH_ALLOW: `127.0.0.1:${port}` })
  mara = await person(world.app, 'mara', { role: 'owner' })
  ines = await person(world.app, 'ines', { role: 'moderator' })
  tomas = await person(world.app, 'tomas')
  reader = await person(world.app, 'reader')
})
afterAll(async () => { await world?.close(); server?.close() })

async function answer(request: IncomingMessage): Promise<{ status: number; body: string } | { to: string }> {
  if (request.url?.startsWith('/short')) return { to: `${base}/long/way/home` }
  if (request.url?.startsWith('/long')) return { status: 200, body: '{}' }
  let body = ''
  for await (const chunk of request) body += String(chunk)
  asked.push({ body: JSON.parse(body) as Record<string, unknown>, authorization: request.headers.authorization })
  return says ? { status: 200, body: says() } : { status: 500, body: '{}' }
}
const post = (text: string, author = tomas) => createPost(world.app, author, { text, audience: 'public' })
const definition = (when: screening.Condition, outcome: screening.Outcome = 'hold') => ({ subjects: ['post', 'edit'], when, outcome, category: 'spam' })
const save = (name: string, rule: unknown, state = 'on', id: string | null = null) => screening.saveRule(world.app, ines, id, { name, note: '', state, definition: rule, why: 'because' })

describe('rules', () => {
  test('a moderator writes one, it acts at once, and every version is kept with who and why', async () => {
    const list = await screening.saveWordList(world.app, ines, null, { name: 'Ours' })
    expect(await screening.addEntries(world.app, ines, list, 'frobnicorp\nfrobnicorp\nzq', { how: 'inside' })).toEqual({ added: 1, read: 2, bad: [{ line: 3, text: 'zq' }] })
    const id = await save('Our words', definition({ all: [{ signal: 'words', list }, { signal: 'age', below: 1000 }] }))
    expect((await post('buy fr0bnic\u043erp!')).state).toBe('held')
    expect((await post('buy bread')).state).toBe('published')
    await screening.setRuleState(world.app, ines, id, 'off', 'too strict')
    expect((await post('more frobnicorp')).state).toBe('published')
    const { versions, hits } = await screening.ruleHistory(world.app, ines, id)
    expect(versions.map((one) => [one.version, one.state, one.why, one.by?.username])).toEqual([[2, 'off', 'too strict', 'ines'], [1, 'on', 'because', 'ines']])
    expect(hits).toMatchObject([{ account: { username: 'tomas' }, acted: true, reasons: [{ signal: 'words', value: 'frobnicorp' }, { signal: 'age' }] }])
    expect(await screening.seeRule(world.app, ines, id)).toMatchObject({ fired: 1, right: 0, wrong: 0 })
    expect((await verifyAudit(world.app)).brokenAt).toBeNull()
  })

  test('what is no rule is refused with the place; members and an old version change nothing', async () => {
    for (const bad of [null, {}, definition({ all: [] } as never), definition({ signal: 'age' } as never), { ...definition({ signal: 'test' }), outcome: 'explode' }, definition({ signal: 'words', more: 1 } as never), definition(JSON.parse('{"not":'.repeat(60) + '{"signal":"test"}' + '}'.repeat(60)) as never)]) {
      await expect(save('x', bad), JSON.stringify(bad)?.slice(0, 80)).rejects.toMatchObject({ code: 'form', problems: [{ field: 'definition' }] })
    }
    await expect(screening.saveRule(world.app, tomas, null, { name: 'x', note: '', state: 'on', definition: definition({ signal: 'test' }), why: '' })).rejects.toMatchObject({ status: 403 })
    await expect(screening.saveRule(world.app, ines, '1', { name: 'x', note: '', state: 'on', definition: definition({ signal: 'test' }), why: '', version: 99 })).rejects.toMatchObject({ code: 'ruleChanged' })
  })

  test('all, any and not are asked as they read; a rule that lets through ends the asking', async () => {
    const id = await save('Logic', definition({ all: [{ any: [{ signal: 'links', atLeast: 2 }, { signal: 'mentions', atLeast: 1 }] }, { not: { signal: 'links', atLeast: 4 } }] }))
    const links = (count: number) => Array.from({ length: count }, (_, at) => `https://s${at}.example/${count}`).join(' ')
    expect([(await post(links(1))).state, (await post(links(2))).state, (await post(links(4))).state, (await post('@reader hi')).state]).toEqual(['published', 'held', 'published', 'held'])
    const friends = await save('Let through', definition({ signal: 'mentions', atLeast: 1 }, 'publish'))
    for (let up = 0; up < 30; up++) await screening.moveRule(world.app, ines, friends, 'up')
    expect((await post('@reader again')).state).toBe('published')
    expect((await screening.rulesOverview(world.app, ines))[0]!.id).toBe(friends)
    for (const one of [id, friends]) await screening.removeRule(world.app, ines, one)
    expect((await post(links(3))).state).toBe('published')
  })

  test('before it acts it is tried on what was posted: how many it would have stopped, and which', async () => {
    for (const at of [1, 2, 3]) await post(`the wobblequince number ${at} is here`)
    const list = await screening.saveWordList(world.app, ines, null, { name: 'Quinces' })
    await screening.addEntries(world.app, ines, list, 'wobblequince')
    const rule = definition({ all: [{ signal: 'words', list }, { signal: 'trust', below: 1 }] })
    const run = await screening.tryRule(world.app, ines, { ruleId: null, name: 'Quinces', definition: rule })
    expect(await screening.seeRun(world.app, ines, run)).toMatchObject({ state: 'waiting', done: 0 })
    await world.work()
    const seen = await screening.seeRun(world.app, ines, run)
    expect(seen).toMatchObject({ state: 'done', found: 3, done: seen.total, days: 30 })
    expect(seen.posts.every(({ post: one, reasons }) => one.text.includes('wobblequince') && reasons[0]!.list === 'Quinces')).toBe(true)
    expect((await deskQueue(world.app, mara, { limit: 80 })).items.some((one) => one.excerpt.includes('wobblequince'))).toBe(false)
  })

  test('the test box says what would happen to a text, marks what was found, and stores nothing', async () => {
    const counts = async () => (await world.app.database.pool.query('select count(*)::int as n from screening_hits')).rows[0].n as number
    const before = await counts()
    const tested = await screening.testText(world.app, ines, { text: `hello gl0rpnak ${screening.testSentence}`, language: null, newcomer: true })
    expect(tested).toMatchObject({ outcome: 'hold', trust: 0, pieces: [{ text: 'hello ', found: false }, { text: 'gl0rpnak', found: true }, { found: false }] })
    expect(tested.fired.map((one) => [one.name, one.state, one.acted])).toEqual([['Test sentence', 'on', true], ['Listed words', 'count', false]])
    expect(await counts()).toBe(before)
  })
})

describe('lists', () => {
  test('come in and go out as CSV; addresses are kept as browsers read them; what is none is named by its line', async () => {
    const list = await screening.saveWordList(world.app, ines, null, { name: 'Sites', kind: 'links' })
    const read = await screening.addEntries(world.app, ines, list, 'value,how,exact,action\r\nhttps://WWW.Bücher.example/,,,block\r\n"https://ok.example/a,b",url,,allow\r\nnothing here,,,block\r\n')
    expect(read).toEqual({ added: 2, read: 2, bad: [{ line: 4, text: 'nothing here,,,block' }] })
    const csv = await screening.exportList(world.app, ines, list)
    expect(csv).toBe('value,how,exact,action\r\nxn--bcher-kva.example,domain,no,block\r\n"ok.example/a,b",url,no,allow\r\n')
    const copy = await screening.saveWordList(world.app, ines, null, { name: 'Copy', kind: 'links' })
    expect(await screening.addEntries(world.app, ines, copy, csv, { replace: true })).toMatchObject({ added: 2, bad: [] })
    await expect(post('https://xn--bcher-kva.example/page')).rejects.toMatchObject({ code: 'screenedLink', params: { host: 'xn--bcher-kva.example' } })
    for (const one of [list, copy]) await screening.removeWordList(world.app, ines, one)
    expect((await post('https://bücher.example/page')).state).toBe('published')
  })
})

describe('what becomes known later', () => {
  test('a link that leads to a listed place is followed after posting, and its post is held', async () => {
    const list = await screening.saveWordList(world.app, ines, null, { name: 'Ways', kind: 'links' })
    await screening.addEntries(world.app, ines, list, `${base}/long/way/home`)
    const seen = await post(`look ${base}/short/1`)
    expect(seen.state).toBe('published')
    await world.work()
    expect((await seePost(world.app, tomas, seen.id)).state).toBe('held')
    expect((await deskQueue(world.app, mara, { limit: 80 })).items.find((one) => one.excerpt.includes('/short/1'))?.summary).toContain('where it leads')
    // Known from now on.
    await expect(post(`again ${base}/short/1`)).rejects.toMatchObject({ code: 'screenedLink' })
  })

  const setClassifier = (when: string, failing: string) => screening.changeScreening(world.app, mara, { messageWords: false, url: `${base}/classify`, secret: 'quiet', when, failing, seconds: '5' })
  const scores = (value: number) => () => JSON.stringify({ scores: { advertisement: value } })

  test('a classifier is asked after posting: what it thinks is one more signal of the rules', async () => {
    await save('Adverts', definition({ signal: 'score', label: 'advertisement', atLeast: 0.9 }))
    await setClassifier('after', 'publish')
    says = scores(0.95)
    const seen = await post('the finest boats in town')
    expect(seen.state).toBe('published')
    await world.work()
    expect((await seePost(world.app, tomas, seen.id)).state).toBe('held')
    expect(asked.at(-1)).toMatchObject({ authorization: 'Bearer quiet', body: { version: 1, kind: 'post', id: seen.id, text: 'the finest boats in town' } })
    expect((await screening.screeningSettings(world.app, mara)).classifier).toMatchObject({ secret: '' })
  })

  test('or before: the post waits, and is published when nothing speaks against it', async () => {
    await setClassifier('before', 'hold')
    says = scores(0.1)
    const fine = await post('a walk along the harbour')
    expect(fine.state).toBe('held')
    await world.work()
    expect((await seePost(world.app, reader, fine.id)).state).toBe('published')
    says = scores(0.99)
    const bad = await post('buy buy buy')
    await world.work()
    expect((await seePost(world.app, tomas, bad.id)).state).toBe('held')
    await createPost(world.app, tomas, { text: '@reader between us', audience: 'mentioned' })
    await world.work()
    expect(asked.some((one) => one.body.text === '@reader between us')).toBe(false)
  })

  test('where it is gone the owner’s choice holds at once, and it is asked again later', async () => {
    says = null
    await setClassifier('before', 'publish')
    const seen = await post('nobody answers')
    await expect(world.work()).rejects.toThrow('the classifier did not answer')
    expect((await seePost(world.app, reader, seen.id)).state).toBe('published')
    await setClassifier('before', 'hold')
    const held = await post('nobody answers this either')
    await expect(world.work()).rejects.toThrow()
    expect((await seePost(world.app, tomas, held.id)).state).toBe('held')
    await screening.askClassifier(world.app, held.id, true)
    expect((await deskQueue(world.app, mara, { limit: 80 })).items.find((one) => one.excerpt.includes('this either'))).toMatchObject({ kind: 'hold', summary: 'held because the classifier did not answer' })
  })
})

test('what screening remembers goes when its time is over', async () => {
  const count = async (table: string) => (await world.app.database.pool.query(`select count(*)::int as n from ${table}`)).rows[0].n as number
  expect(await count('screening_texts')).toBeGreaterThan(0)
  world.later(8 * 86_400_000)
  await screening.tidyScreening(world.app)
  expect([await count('screening_texts'), await count('screening_bands')]).toEqual([0, 0])
  expect(await count('screening_hits')).toBeGreaterThan(0)
  world.later(180 * 86_400_000)
  await screening.tidyScreening(world.app)
  expect([await count('screening_hits'), await count('screening_links')]).toEqual([0, 0])
})
