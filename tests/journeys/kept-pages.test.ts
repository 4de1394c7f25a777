import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from '../../src/server/domain/accounts/index.ts'
import { editProfile, setState } from '../../src/server/domain/accounts/index.ts'
import { changeSettings, closeSetUp } from '../../src/server/domain/instance/index.ts'
import { createPost, editPost, likePost, removePost } from '../../src/server/domain/posts/index.ts'
import { block, follow } from '../../src/server/domain/relationships/index.ts'
import { openSession, sessionCookie, signOutEverywhere } from '../../src/server/domain/sessions/index.ts'
import { person } from '../people.ts'
import { openSite } from './site.ts'
import type { Site } from './site.ts'

let site: Site
let mara: Account
let ben: Account
beforeAll(async () => {
  site = await openSite()
  ;[mara, ben] = await Promise.all([person(site.app, 'mara', { displayName: 'Mara' }), person(site.app, 'ben', { role: 'owner' })])
  await site.app.database.inTransaction((tx) => closeSetUp(site.app, tx))
  await changeSettings(site.app, 'command', { readMode: 'everyone' })
})
afterAll(() => site.closeSite())

/** Asked twice, so that the second answer may be a kept one; both must say the same. */
async function read(path: string, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  const ask = async () => {
    const answer = await fetch(site.url + path, { headers, redirect: 'manual' })
    return { status: answer.status, text: await answer.text() }
  }
  const first = await ask()
  const second = await ask()
  expect(second.status).toBe(first.status)
  return second
}

test('visitors read what is there now: an edit, a new name, a deletion, other readers and a suspension show at once', async () => {
  const post = await createPost(site.app, mara, { text: 'the first words', audience: 'public' })
  for (const path of ['/', '/@mara', post.url]) expect((await read(path)).text).toContain('the first words')
  await editPost(site.app, mara, post.id, { text: 'better words' })
  for (const path of ['/', '/@mara', post.url]) {
    const { text } = await read(path)
    expect([text.includes('better words'), text.includes('the first words')]).toEqual([true, false])
  }
  await editProfile(site.app, mara, { displayName: 'Mara of the Harbour' })
  expect((await read('/@mara')).text).toContain('Mara of the Harbour')
  const second = await createPost(site.app, mara, { text: 'one more', audience: 'public' })
  expect((await read('/@mara')).text).toContain('one more')
  await removePost(site.app, mara, post.id)
  expect((await read(post.url)).status).toBe(404)
  expect((await read('/@mara')).text).not.toContain('better words')
  await site.app.database.inTransaction((tx) => setState(site.app, tx, mara.id, 'suspended'))
  expect((await read(second.url)).status).toBe(404)
  await site.app.database.inTransaction((tx) => setState(site.app, tx, mara.id, 'active'))
  expect((await read(second.url)).status).toBe(200)
  await changeSettings(site.app, 'command', { readMode: 'members' })
  expect((await read(second.url)).text).not.toContain('one more')
  await changeSettings(site.app, 'command', { readMode: 'everyone' })
})

test('each reads in their own language and colours, and a browser that has a page is told so', async () => {
  expect((await read('/about', { 'accept-language': 'ar' })).text).toContain('dir="rtl"')
  expect((await read('/about', { 'accept-language': 'en' })).text).toContain('dir="ltr"')
  expect((await read('/about', { cookie: 'hearth_theme=dark' })).text).toContain('data-theme="dark"')
  expect((await read('/about', { cookie: 'hearth_locale=ar' })).text).toContain('lang="ar"')
  const { headers } = await fetch(`${site.url}/about`)
  expect((await fetch(`${site.url}/about`, { headers: { 'if-none-match': headers.get('etag') ?? '' } })).status).toBe(304)
  // A script that isn't the page's own runs nowhere, and no two pages share a secret.
  expect(headers.get('content-security-policy')).toMatch(/script-src 'self' 'sha256-/)
})

test('pages go out packed as the browser likes it; what a member searched for does not, since its length could tell', async () => {
  const { token } = await openSession(site.app, site.app.database.queries, ben.id, 'a test')
  const cookie = `${sessionCookie(site.app)}=${token}`
  const ask = async (path: string, accepts: string, headers: Record<string, string> = {}) => {
    const { headers: answered, text } = await fetch(site.url + path, { headers: { 'accept-encoding': accepts, ...headers } }).then(async (answer) => ({ headers: answer.headers, text: await answer.text() }))
    return { packed: answered.get('content-encoding'), varies: /accept-encoding/i.test(answered.get('vary') ?? ''), text }
  }
  const plain = (await ask('/about', 'identity')).text
  for (const accepts of ['br, gzip', 'gzip', 'identity']) {
    const expected = { identity: null, gzip: 'gzip', 'br, gzip': 'br' }[accepts]
    for (const again of [1, 2]) expect(await ask('/about', accepts), `${accepts}, ${again}`).toEqual({ packed: expected, varies: true, text: plain })
  }
  const [one, two] = [await ask('/settings/profile', 'br', { cookie }), await ask('/settings/profile', 'br', { cookie })]
  expect(one.packed).toBe('br')
  const end = (text: string) => /<!--([\w-]+)-->\s*<\/body>/.exec(text)?.[1]
  expect(end(one.text)).toBeTruthy()
  expect(end(two.text)).not.toBe(end(one.text))
  expect((await ask('/search?q=harbour', 'br', { cookie })).packed).toBeNull()
  expect((await ask('/search?q=harbour', 'br')).packed).toBe('br')
})

test('a member’s home shows what is so now, to them alone, and to nobody once they have left', async () => {
  await follow(site.app, ben, mara.id)
  const { token } = await openSession(site.app, site.app.database.queries, ben.id, 'a test')
  const cookie = `${sessionCookie(site.app)}=${token}`
  const home = async () => (await read('/', { cookie })).text
  const post = await createPost(site.app, mara, { text: 'for those who follow', audience: 'followers' })
  expect(await home()).toContain('for those who follow')
  expect((await read('/')).text).not.toContain('for those who follow')
  const { text: unread } = await read('/', { cookie })
  await createPost(site.app, mara, { text: 'hello @ben', audience: 'members' })
  await site.work()
  expect(await home()).not.toBe(unread)
  await likePost(site.app, ben, post.id)
  expect(await home()).toMatch(/aria-pressed="true"/)
  await block(site.app, mara, ben.id)
  expect(await home()).not.toContain('for those who follow')
  await signOutEverywhere(site.app, ben.id)
  expect(await home()).not.toContain('data-composer')
})
