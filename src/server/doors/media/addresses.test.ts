import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Server } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { photo } from '../../../../tests/media/samples.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { accountView, setPicture, setState } from '#server/domain/accounts/index.ts'
import { changeSettings } from '#server/domain/instance/index.ts'
import { accountEntity, speaker } from '#server/entities/index.ts'
import { acceptUpload, renewMediaKey, replaceMediaKeys } from '#server/domain/media/index.ts'
import type { Audience } from '#server/domain/posts/index.ts'
import { createPost, postViews, removePost, setPostState } from '#server/domain/posts/index.ts'
import { block, follow, unblock, unfollow } from '#server/domain/relationships/index.ts'
import { Readable } from 'node:stream'
import { mediaDoor } from './index.ts'

let world: World
let server: Server
let base: string
const people = new Map<string, Account>()
const who = (name: string) => people.get(name)!
beforeAll(async () => {
  world = await openWorld()
  for (const name of ['mara', 'jun', 'stranger', 'staff']) people.set(name, await person(world.app, name, name === 'staff' ? { role: 'moderator' } : {}))
  const door = mediaDoor(world.app)
  server = createServer((request, response) => { void door(request, response, async () => people.get(String(request.headers['x-test-viewer'])) ?? null) })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
  await world.close()
})

let shade = 0
/** A post of mara's with a picture nobody else has. */
async function posted(audience: Audience): Promise<string> {
  const { id } = await acceptUpload(world.app, who('mara'), Readable.from([await photo(200 + shade++, 150)]), {})
  await world.work()
  return (await createPost(world.app, who('mara'), { text: '', audience, mediaIds: [id] })).id
}
const seenBy = async (name: string, postId: string) => {
  const [post] = await postViews(world.app, who(name), [postId])
  return base + post!.media[0]!.preview!.url
}
const plain = (url: string) => url.replace(/~[^/]+\//, '')
const status = async (url: string, viewer?: string) => (await fetch(url, { headers: viewer ? { 'x-test-viewer': viewer } : {} })).status

test('what is everybody’s has an address that never ends; what isn’t has one that is signed for its reader', async () => {
  expect(await seenBy('jun', await posted('public'))).not.toContain('~')
  const members = await seenBy('jun', await posted('members'))
  expect(members).toMatch(/\/media\/files\/~[0-9a-z]+\.[0-9a-z]+\.[A-Za-z0-9_-]{22}\/[^/]+\/[^/]+$/)
  const answer = await fetch(members)
  expect(answer.status).toBe(200)
  expect(Object.fromEntries(answer.headers)).toMatchObject({ 'cache-control': 'private, max-age=3600', 'cross-origin-resource-policy': 'cross-origin', 'access-control-allow-origin': '*' })
  expect(await status(plain(members))).toBe(404)
  expect(await status(plain(members), 'jun')).toBe(200)
  expect((await fetch(plain(members), { headers: { 'x-test-viewer': 'jun' } })).headers.get('cross-origin-resource-policy')).toBe('same-origin')
})

test('names beside a file hold, as playlists need it; the address of one item opens no other', async () => {
  const [one, other] = [await seenBy('jun', await posted('members')), await seenBy('jun', await posted('members'))]
  expect(await status(new URL(one.replace(/^.*\//, '').replace('webp', 'avif'), one).href)).toBe(200)
  const [, pass] = /files\/(~[^/]+)\//.exec(one)!
  expect(await status(other.replace(/~[^/]+/, pass!))).toBe(404)
})

test('a signed address can’t be forged, bent or kept', async () => {
  const url = await seenBy('jun', await posted('members'))
  const [, ends = '', reader = '', signature = ''] = /~([^.]+)\.([^.]+)\.([^/]+)\//.exec(url)!
  const swap = (text: string) => status(url.replace(/~[^/]+/, text))
  expect(await swap(`~${ends}.${reader}.${signature}`)).toBe(200)
  expect(await swap(`~${(parseInt(ends, 36) + 9999).toString(36)}.${reader}.${signature}`)).toBe(404)
  expect(await swap(`~${ends}.${BigInt(who('mara').id).toString(36)}.${signature}`)).toBe(404)
  expect(await swap(`~${ends}.${reader}.${'A'.repeat(22)}`)).toBe(404)
  for (const odd of ['~', '~..', `~${ends}`, '~%2e%2e', `~${ends}.${reader}.${signature}x`]) expect(await swap(odd)).toBe(404)
  world.later(13 * 3_600_000)
  expect(await status(url)).toBe(404)
})

test('the same address is given for hours, so that a browser keeps what it has', async () => {
  const id = await posted('members')
  // To the beginning of a window.
  world.later(6 * 3_600_000 - world.app.now().getTime() % (6 * 3_600_000))
  const first = await seenBy('jun', id)
  world.later(5 * 3_600_000)
  expect(await seenBy('jun', id)).toBe(first)
  world.later(2 * 3_600_000)
  expect(await seenBy('jun', id)).not.toBe(first)
  expect(await status(first)).toBe(200)
})

test('who isn’t a follower, or not any more, loads it by no address', async () => {
  await follow(world.app, who('jun'), who('mara').id)
  const url = await seenBy('jun', await posted('followers'))
  expect(await status(url)).toBe(200)
  expect(await status(plain(url), 'stranger')).toBe(404)
  await unfollow(world.app, who('jun'), who('mara').id)
  expect(await status(url)).toBe(404)
  expect(await status(plain(url), 'jun')).toBe(404)
})

test('who was blocked, or suspended, loads it by no address, at once', async () => {
  const url = await seenBy('jun', await posted('members'))
  const state = (to: 'active' | 'suspended') => world.app.database.inTransaction((tx) => setState(world.app, tx, who('jun').id, to))
  await block(world.app, who('mara'), who('jun').id)
  expect(await status(url)).toBe(404)
  expect(await status(plain(url), 'jun')).toBe(404)
  await unblock(world.app, who('mara'), who('jun').id)
  expect(await status(url)).toBe(200)
  await state('suspended')
  expect(await status(url)).toBe(404)
  await state('active')
  expect(await status(url)).toBe(200)
})

test('a post held or removed, or deleted, takes its media along at once; those who moderate still see what they decide about', async () => {
  for (const audience of ['public', 'members'] as const) {
    const id = await posted(audience)
    const url = await seenBy('jun', id)
    expect(await status(url, 'jun')).toBe(200)
    await setPostState(world.app, id as never, 'held')
    for (const viewer of [undefined, 'jun', 'stranger']) for (const address of [url, plain(url)]) expect(await status(address, viewer)).toBe(404)
    expect(await status(plain(url), 'mara')).toBe(200)
    expect(await status(plain(url), 'staff')).toBe(200)
    await setPostState(world.app, id as never, 'removed')
    for (const viewer of [undefined, 'jun', 'mara']) expect(await status(plain(url), viewer)).toBe(404)
    await setPostState(world.app, id as never, 'published')
    expect(await status(url, 'jun')).toBe(200)
    await removePost(world.app, who('mara'), id as never)
    for (const viewer of [undefined, 'jun', 'mara', 'staff']) for (const address of [url, plain(url)]) expect(await status(address, viewer)).toBe(404)
  }
})

test('a new key signs while the old one’s addresses hold; replacing all of them ends every address', async () => {
  const id = await posted('members')
  const url = await seenBy('jun', id)
  world.later(31 * 86_400_000)
  const old = await seenBy('jun', id)
  await renewMediaKey(world.app)
  const fresh = await seenBy('jun', id)
  expect(fresh).not.toBe(old)
  expect([await status(url), await status(old), await status(fresh)]).toEqual([404, 200, 200])
  await replaceMediaKeys(world.app)
  expect([await status(old), await status(fresh)]).toEqual([404, 404])
  expect(await status(await seenBy('jun', id))).toBe(200)
})

test('HEAD, If-None-Match, If-Range and ranges are answered as HTTP asks', async () => {
  const url = await seenBy('jun', await posted('members'))
  const whole = await fetch(url)
  const etag = whole.headers.get('etag')!
  const bytes = Buffer.from(await whole.arrayBuffer())
  const ask = (headers: Record<string, string>, method = 'GET') => fetch(url, { headers, method })
  expect((await ask({}, 'HEAD')).headers.get('content-length')).toBe(String(bytes.length))
  expect((await ask({ 'if-none-match': `"other", W/${etag}` })).status).toBe(304)
  const part = await ask({ range: 'bytes=-10', 'if-range': etag })
  expect([part.status, part.headers.get('content-range'), part.headers.get('content-length')]).toEqual([206, `bytes ${bytes.length - 10}-${bytes.length - 1}/${bytes.length}`, '10'])
  expect((await ask({ range: 'bytes=-10', 'if-range': '"other"' })).status).toBe(200)
  expect((await ask({ range: `bytes=${bytes.length}-` })).status).toBe(416)
  expect((await ask({}, 'POST')).status).toBe(404)
})

test('where only members read, apps are told addresses of people’s pictures that open without a cookie, end, and open nothing else', async () => {
  const { id } = await acceptUpload(world.app, who('mara'), Readable.from([await photo(300, 300)]), { purpose: 'avatar' })
  await world.work()
  await setPicture(world.app, who('mara'), 'avatar', id)
  const told = async () => new URL(accountEntity((await accountView(world.app, who('mara').id))!, await speaker(world.app, who('jun').id)).avatar).pathname
  await changeSettings(world.app, 'command', { readMode: 'members' })
  const signed = await told()
  expect(signed).toMatch(/^\/media\/files\/~/)
  expect([await status(base + signed), await status(base + plain(signed)), await status(base + plain(signed), 'jun')]).toEqual([200, 404, 200])
  world.later(13 * 3_600_000)
  expect(await status(base + signed)).toBe(404)
  await changeSettings(world.app, 'command', { readMode: 'everyone' })
  expect(await told()).not.toContain('~')
  expect(await status(base + await told())).toBe(200)
})
