import { createServer, get } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Account } from '#server/domain/accounts/index.ts'
import { createPost, likePost } from '#server/domain/posts/index.ts'
import { block, follow } from '#server/domain/relationships/index.ts'
import { signOutEverywhere } from '#server/domain/sessions/index.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { endLive, liveDoor } from './index.ts'

let world: World
let server: Server
const cast = new Map<string, Account>()
beforeAll(async () => {
  world = await openWorld()
  for (const name of ['mara', 'tomas', 'olga', 'bram']) cast.set(name, await person(world.app, name))
  cast.set('pending', await person(world.app, 'pending', { state: 'pending' }))
  const door = liveDoor(world.app)
  server = createServer((request, response) => door(request, response, cast.get(String(request.headers['x-who'])) ?? null))
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done) })
})
afterEach(() => endLive(world.app))
afterAll(async () => { server.closeAllConnections(); server.close(); await world.close() })

type Open = { status: number; said: string; until(words: string): Promise<void>; ended: Promise<void> }
/** Opens a stream; resolves with its answer. */
const open = (who: string, headers: Record<string, string> = {}) => new Promise<Open>((done, fail) => {
  get({ port: (server.address() as AddressInfo).port, headers: { 'x-who': who, ...headers } }, (response: IncomingMessage) => {
    const waiting = new Set<() => void>()
    const stream: Open = {
      status: response.statusCode ?? 0, said: '',
      until: (words) => new Promise((found) => {
        const look = () => { if (stream.said.includes(words)) { waiting.delete(look); found() } }
        waiting.add(look)
        look()
      }),
      ended: new Promise((end) => { response.once('close', end) }),
    }
    response.on('data', (chunk: Buffer) => { stream.said += chunk.toString(); for (const look of waiting) look() })
    response.on('error', () => {})
    done(stream)
  }).on('error', fail)
})
const one = (name: string) => cast.get(name)!

test('only members come in, and not from another site', async () => {
  expect((await open('nobody')).status).toBe(401)
  expect((await open('pending')).status).toBe(401)
  expect((await open('mara', { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect((await open('mara')).status).toBe(200)
})

test('a page is told how much is unread when it opens and when something happens', async () => {
  const stream = await open('mara')
  await stream.until('event: notification\ndata: {"unread":0}')
  const post = await createPost(world.app, one('mara'), { text: 'Warm bread', audience: 'members' })
  await likePost(world.app, one('tomas'), post.id)
  await world.work()
  await stream.until('data: {"unread":1}')
})

test('followers hear of a new post by its id alone; others, and those behind a block, hear nothing', async () => {
  await follow(world.app, one('olga'), one('tomas').id)
  await follow(world.app, one('mara'), one('tomas').id)
  await block(world.app, one('mara'), one('tomas').id)
  const [olga, bram, mara] = [await open('olga'), await open('bram'), await open('mara')]
  const secret = await createPost(world.app, one('tomas'), { text: 'For @bram alone', audience: 'mentioned' })
  const post = await createPost(world.app, one('tomas'), { text: 'The ferry runs again', audience: 'followers' })
  await olga.until(`event: post\ndata: {"id":"${post.id}"}`)
  // Signals come in order: had the others been told, it would have been by now.
  for (const stream of [olga, bram, mara]) expect(stream.said).not.toContain(secret.id)
  for (const stream of [bram, mara]) expect(stream.said).not.toContain(post.id)
  expect(olga.said).not.toContain('ferry')
})

test('nobody holds more than eight streams: the oldest ends', async () => {
  const streams = []
  for (let n = 0; n < 9; n++) streams.push(await open('bram'))
  await streams[0]!.ended
  await world.app.database.inTransaction((tx) => world.app.bus.publish(tx, { type: 'announcement' }))
  await Promise.all(streams.slice(1).map((stream) => stream.until('event: announcement')))
})

test('signing out everywhere ends the streams', async () => {
  const stream = await open('tomas')
  await signOutEverywhere(world.app, one('tomas').id)
  await stream.ended
  expect(stream.said).toContain('event: signedOut')
})
