import { createServer, get } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { editProfile, setState } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { reactToAnnouncement, unreactToAnnouncement } from '#server/domain/emojis/index.ts'
import { createFilter } from '#server/domain/filters/index.ts'
import { deleteAnnouncement, publishAnnouncement } from '#server/domain/instance/index.ts'
import { addToList, createList } from '#server/domain/lists/index.ts'
import { acceptRequests, markAllRead, notificationRequests, setNotificationPolicy } from '#server/domain/notifications/index.ts'
import { boostPost, createPost, editPost, likePost, removePost, unboostPost } from '#server/domain/posts/index.ts'
import { block, follow, mute, unfollow } from '#server/domain/relationships/index.ts'
import { createAccessToken, exchange, giveBack, outOfBand, registerApp } from '#server/domain/apps/index.ts'
import { hashSecret } from '#server/platform/secrets/index.ts'
import { changePassword, hashPassword, signOutEverywhere } from '#server/domain/sessions/index.ts'
import { person } from '../../../../../tests/people.ts'
import { openWorld } from '../../../../../tests/world.ts'
import type { World } from '../../../../../tests/world.ts'
import { apiDoor, endStreams, webSockets } from '../index.ts'
import { connectionsOf } from './connections.ts'

let world: World
let server: Server
const cast = new Map<string, Account>()
const tokens = new Map<string, string>()
const one = (name: string) => cast.get(name)!
const port = () => (server.address() as AddressInfo).port
beforeAll(async () => {
  world = await openWorld()
  const door = await apiDoor(world.app)
  server = createServer((request, response) => door(request, response))
  server.on('upgrade', webSockets(world.app))
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done) })
  for (const name of ['ada', 'ben', 'eva', 'finn']) {
    cast.set(name, await person(world.app, name))
    tokens.set(name, (await createAccessToken(world.app, one(name), 'read write')).accessToken)
  }
  await follow(world.app, one('ben'), one('ada').id)
  await world.work()
})
afterEach(() => endStreams(world.app))
afterAll(async () => { server.closeAllConnections(); server.close(); await world.close() })

type Message = { stream?: string[]; event?: string; payload?: string; error?: string; status?: number }
type Open = { messages: Message[]; socket: WebSocket; send(command: object): void; next(is: (message: Message) => boolean): Promise<Message>; ended: Promise<number> }
/** Opens a WebSocket; rejects with the status of a refusal. */
const open = (query: string, options: { protocols?: string[]; headers?: Record<string, string> } = {}) => new Promise<Open>((done, fail) => {
  const socket = new WebSocket(`ws://127.0.0.1:${port()}/api/v1/streaming${query}`, options.protocols ?? [], { headers: options.headers })
  const waiting = new Set<() => void>()
  const stream: Open = {
    messages: [], socket, send: (command) => socket.send(JSON.stringify(command)),
    next: (is) => new Promise((found) => {
      const look = () => { const message = stream.messages.find(is); if (message) { waiting.delete(look); found(message) } }
      waiting.add(look)
      look()
    }),
    ended: new Promise((end) => { socket.once('close', end) }),
  }
  socket.on('message', (data) => { stream.messages.push(JSON.parse(String(data)) as Message); for (const look of waiting) look() })
  socket.once('open', () => done(stream))
  socket.once('unexpected-response', (_request, response) => { response.resume(); fail(new Error(String(response.statusCode))) })
  socket.on('error', fail)
})
const as = (name: string, stream = 'user', more = '') => open(`?access_token=${tokens.get(name)}&stream=${stream}${more}`)
const update = (id: string) => (message: Message) => message.event === 'update' && (JSON.parse(message.payload!) as { id: string }).id === id
const named = (event: string) => (message: Message) => message.event === event

test('the token may stand in the query, in a header, or in the protocol, which is echoed; without a good one nobody enters', async () => {
  const token = tokens.get('ben')!
  expect((await open(`?stream=user&access_token=${token}`)).socket.protocol).toBe('')
  await open('/?stream=user', { headers: { authorization: `Bearer ${token}` } })
  expect((await open('?stream=user', { protocols: [token] })).socket.protocol).toBe(token)
  for (const [query, status] of [['?stream=user', '401'], ['?stream=user&access_token=nonsense', '401'], [`?stream=everything&access_token=${token}`, '400'], [`?stream=hashtag&access_token=${token}`, '400']] as const) await expect(open(query)).rejects.toThrow(status)
  const narrow = (await createAccessToken(world.app, one('ben'), 'read:accounts')).accessToken
  await expect(open(`?stream=user&access_token=${narrow}`)).rejects.toThrow('403')
})

test('a follower hears of a post, of its edit and of its removal; an id alone says that it is gone', async () => {
  const ben = await as('ben')
  const post = await createPost(world.app, one('ada'), { text: 'The *ferry* runs', audience: 'followers' })
  const message = await ben.next(update(post.id))
  expect(message.stream).toEqual(['user'])
  expect(JSON.parse(message.payload!)).toMatchObject({ id: post.id, visibility: 'private', account: { id: one('ada').id } })
  expect(JSON.parse(message.payload!)).not.toHaveProperty('favourited')
  await editPost(world.app, one('ada'), post.id, { text: 'The ferry is late' })
  expect(JSON.parse((await ben.next(named('status.update'))).payload!)).toMatchObject({ id: post.id, edited_at: expect.any(String) })
  await removePost(world.app, one('ada'), post.id)
  expect((await ben.next(named('delete'))).payload).toBe(post.id)
  expect(ben.messages.map((one) => one.event)).toEqual(['update', 'status.update', 'delete'])
})

test('nobody hears what they may not see: strangers, whoever is blocked, whoever unfollowed a moment ago', async () => {
  await follow(world.app, one('finn'), one('ada').id)
  const [ben, eva, finn] = [await as('ben'), await as('eva'), await as('finn')]
  for (const who of [eva, finn]) { who.send({ type: 'subscribe', stream: 'public' }); who.send({ type: 'subscribe', stream: 'hashtag', tag: 'Ferry' }); who.send({ type: 'subscribe', stream: 'nonsense' }) }
  await Promise.all([eva, finn].map((who) => who.next((message) => message.status === 400)))
  await unfollow(world.app, one('finn'), one('ada').id)
  const secrets = [await createPost(world.app, one('ada'), { text: 'for followers #ferry', audience: 'followers' }), await createPost(world.app, one('ada'), { text: '@ben only #ferry', audience: 'mentioned' })]
  await removePost(world.app, one('ada'), secrets[0]!.id)
  await block(world.app, one('ada'), one('finn').id)
  const open = await createPost(world.app, one('ada'), { text: 'for all #ferry', audience: 'members' })
  await ben.next(update(open.id))
  await eva.next((message) => message.stream?.[0] === 'hashtag' && update(open.id)(message))
  // Events come in order: had the others been told, it would have been by now.
  expect(eva.messages.filter((message) => message.event).map((message) => message.stream)).toEqual([['public'], ['hashtag', 'Ferry']])
  expect(finn.messages.filter((message) => message.event)).toEqual([])
})

test('answers and boosts stay out of the public stream, muted authors too; media have a stream of their own', async () => {
  const [eva, shy] = [await as('eva', 'public'), await as('eva', 'public', '&only_media=true')]
  const post = await createPost(world.app, one('ada'), { text: 'one', audience: 'public' })
  await createPost(world.app, one('ben'), { text: 'two', audience: 'public', replyToId: post.id })
  await boostPost(world.app, one('ben'), post.id)
  await mute(world.app, one('eva'), one('ada').id)
  await createPost(world.app, one('ada'), { text: 'three', audience: 'public' })
  const last = await createPost(world.app, one('ben'), { text: 'four', audience: 'public' })
  await eva.next(update(last.id))
  expect(eva.messages.map((message) => (JSON.parse(message.payload!) as { id: string }).id)).toEqual([post.id, last.id])
  expect(shy.messages).toEqual([])
})

test('one connection carries many streams, and each ends by itself', async () => {
  const ben = await open(`?access_token=${tokens.get('ben')}`)
  for (const command of [{ stream: 'user' }, { stream: 'public:local' }, { stream: 'hashtag', tag: 'bread' }, { stream: 'public:remote' }]) ben.send({ type: 'subscribe', ...command })
  ben.send({ type: 'subscribe', stream: 'hashtag' })
  expect(await ben.next((message) => message.status === 400)).toMatchObject({ error: expect.any(String) })
  const post = await createPost(world.app, one('ada'), { text: '#bread', audience: 'public' })
  await ben.next((message) => message.stream?.[0] === 'hashtag')
  expect(ben.messages.filter(update(post.id)).map((message) => message.stream)).toEqual([['user'], ['public:local'], ['hashtag', 'bread']])
  ben.send({ type: 'unsubscribe', stream: 'public:local' })
  ben.send({ type: 'unsubscribe', stream: 'user' })
  ben.send({ type: 'nonsense' })
  await ben.next((message) => message.error === 'Could not be read')
  const later = await createPost(world.app, one('ada'), { text: 'more #bread', audience: 'public' })
  await ben.next((message) => message.stream?.[0] === 'hashtag' && update(later.id)(message))
  expect(ben.messages.filter(update(later.id))).toHaveLength(1)
})

test('a boost arrives with what it boosts and goes when it is taken back; one\'s own posts arrive, too', async () => {
  const [ben, ada] = [await as('ben'), await as('ada')]
  const post = await createPost(world.app, one('eva'), { text: 'a find', audience: 'public' })
  const boost = await boostPost(world.app, one('ada'), post.id)
  const heard = JSON.parse((await ben.next(named('update'))).payload!) as { id: string; reblog: { id: string } }
  expect(heard.reblog.id).toBe(post.id)
  expect((await ada.next(named('update'))).payload).toContain(heard.id)
  await unboostPost(world.app, one('ada'), post.id)
  expect((await ben.next(named('delete'))).payload).toBe(heard.id)
  expect(boost).toBeDefined()
})

test('notifications arrive once as they happen, not when they are read; what was set aside arrives when it is accepted', async () => {
  await world.work()
  const [ada, quiet] = [await as('ada'), await as('ada', 'user:notification')]
  const post = await createPost(world.app, one('ada'), { text: 'like me', audience: 'public' })
  await likePost(world.app, one('eva'), post.id)
  await world.work()
  expect(JSON.parse((await quiet.next(named('notification'))).payload!)).toMatchObject({ type: 'favourite', account: { id: one('eva').id }, status: { id: post.id } })
  await markAllRead(world.app, one('ada'))
  await setNotificationPolicy(world.app, one('ada'), { notFollowing: 'filter' })
  await createPost(world.app, one('eva'), { text: '@ada psst', audience: 'members' })
  await world.work()
  const [request] = (await notificationRequests(world.app, one('ada'))).items
  await acceptRequests(world.app, one('ada'), [request!.id])
  await ada.next(named('notifications_merged'))
  expect([ada, quiet].map((who) => who.messages.filter(named('notification')).length)).toEqual([1, 1])
  expect(quiet.messages.some(named('update'))).toBe(false)
})

test('filters go with a post to those whose they are, and apps hear when they change', async () => {
  await follow(world.app, one('eva'), one('ben').id)
  await follow(world.app, one('finn'), one('ben').id)
  await world.work()
  const [eva, finn] = [await as('eva'), await as('finn')]
  await createFilter(world.app, one('eva'), { title: 'no boats', contexts: ['home'], action: 'hide', keywords: [{ keyword: 'ferry' }] })
  expect(await eva.next(named('filters_changed'))).toEqual({ stream: ['user'], event: 'filters_changed' })
  const post = await createPost(world.app, one('ben'), { text: 'The ferry again', audience: 'members' })
  expect(JSON.parse((await eva.next(update(post.id))).payload!)).toMatchObject({ filtered: [{ filter: { title: 'no boats', filter_action: 'hide' }, keyword_matches: ['ferry'] }] })
  expect(JSON.parse((await finn.next(update(post.id))).payload!)).not.toHaveProperty('filtered')
})

test('a picture that is not everybody\'s has an address of its own for each reader', async () => {
  const photo = async () => {
    const id = world.app.newId<'media'>()
    const variants = [{ name: 'still-640', mime: 'image/webp', width: 640, height: 480, bytes: 9, file: 'a.webp' }]
    await world.app.database.queries.insertInto('media').values({ id, account_id: one('ben').id, kind: 'image', state: 'ready', key: `k${id}`, original_mime: 'image/jpeg', width: 640, height: 480, variants: JSON.stringify(variants) }).execute()
    return id
  }
  const [ben, eva, finn] = [await as('ben'), await as('eva'), await as('finn')]
  const post = await createPost(world.app, one('ben'), { text: 'look', audience: 'followers', mediaIds: [await photo()] })
  const urls = await Promise.all([ben, eva, finn].map(async (who) => (JSON.parse((await who.next(update(post.id))).payload!) as { media_attachments: { url: string }[] }).media_attachments[0]!.url))
  expect(new Set(urls).size).toBe(3)
})

test('a list brings what its people write to its owner alone; private words are a conversation', async () => {
  const list = await createList(world.app, one('ben'), { title: 'Ferry people' })
  await addToList(world.app, one('ben'), list.id, [one('ada').id])
  await expect(as('eva', 'list', `&list=${list.id}`)).rejects.toThrow('404')
  await expect(as('ben', 'list', '&list=nonsense')).rejects.toThrow('400')
  const [ben, direct, evaDirect] = [await as('ben', 'list', `&list=${list.id}`), await as('ben', 'direct'), await as('eva', 'direct')]
  const post = await createPost(world.app, one('ada'), { text: 'on the list', audience: 'followers' })
  expect((await ben.next(update(post.id))).stream).toEqual(['list', list.id])
  await createPost(world.app, one('ada'), { text: '@ben in private', audience: 'mentioned' })
  await world.work()
  expect(JSON.parse((await direct.next(named('conversation'))).payload!)).toMatchObject({ unread: true, accounts: [{ id: one('ada').id }], last_status: { visibility: 'direct' } })
  expect(evaDirect.messages).toEqual([])
})

test('an announcement reaches everybody in their language, and goes when it is taken back', async () => {
  const owner = await person(world.app, 'gerda', { role: 'owner' })
  await editProfile(world.app, one('eva'), { locale: 'ar' })
  await world.work()
  const [ben, eva] = [await as('ben'), await as('eva')]
  const id = await publishAnnouncement(world.app, owner, { text: 'The fair is on', translations: { ar: 'بدأ المعرض' } })
  expect(JSON.parse((await ben.next(named('announcement'))).payload!)).toMatchObject({ id, content: expect.stringContaining('The fair') })
  expect((await eva.next(named('announcement'))).payload).toContain('بدأ المعرض')
  await reactToAnnouncement(world.app, one('eva'), id, '🎡')
  expect(JSON.parse((await ben.next(named('announcement.reaction'))).payload!)).toEqual({ name: '🎡', count: 1, announcement_id: id })
  await unreactToAnnouncement(world.app, one('eva'), id, '🎡')
  expect(JSON.parse((await ben.next((message) => message.event === 'announcement.reaction' && message.payload!.includes(':0'))).payload!)).toEqual({ name: '🎡', count: 0, announcement_id: id })
  await deleteAnnouncement(world.app, owner, id)
  expect((await ben.next(named('announcement.delete'))).payload).toBe(id)
  expect(ben.messages.filter(named('announcement'))).toHaveLength(1)
})

test('streams end at once when the member signs out everywhere with a token that is revoked, and when they are suspended', async () => {
  const token = (await createAccessToken(world.app, one('ben'), 'read')).accessToken
  const [ended, stays] = [await open(`?stream=user&access_token=${token}`), await as('ben')]
  await world.app.database.queries.updateTable('access_tokens').set({ revoked_at: new Date() }).where('id', '=', (await world.app.database.queries.selectFrom('access_tokens').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow()).id).execute()
  await signOutEverywhere(world.app, one('ben').id)
  await ended.ended
  const post = await createPost(world.app, one('ada'), { text: 'still there?', audience: 'public' })
  await stays.next(update(post.id))
  await world.app.database.inTransaction((tx) => setState(world.app, tx, one('ben').id, 'suspended'))
  await stays.ended
  await expect(as('ben')).rejects.toThrow('401')
  await world.app.database.inTransaction((tx) => setState(world.app, tx, one('ben').id, 'active'))
})

test('streams end when their token does: by its time, with a changed password, and when an app without a member gives it back', async () => {
  const { queries } = world.app.database
  const fresh = async () => { const { accessToken } = await createAccessToken(world.app, one('finn'), 'read'); return open(`?stream=user&access_token=${accessToken}`) }
  const stays = await fresh()
  const brief = (await createAccessToken(world.app, one('finn'), 'read')).accessToken
  await queries.updateTable('access_tokens').set({ expires_at: new Date(world.app.now().getTime() + 3_600_000) }).where('token_hash', '=', hashSecret(brief)).execute()
  const ends = await open(`?stream=user&access_token=${brief}`)
  world.later(3_600_000)
  await ends.ended
  expect(stays.socket.readyState).toBe(WebSocket.OPEN)
  await queries.insertInto('credentials').values({ account_id: one('finn').id, password_hash: await hashPassword('three warm loaves of bread') }).execute()
  await changePassword(world.app, one('finn'), null, 'three warm loaves of bread', 'a quite different sentence')
  await stays.ended

  const client = await registerApp(world.app, { name: 'A board', redirectUris: [outOfBand], scopes: 'read', grantTypes: [], address: 'here' })
  const alone = { clientId: client.clientId, clientSecret: client.clientSecret, address: 'here' }
  const { accessToken: own } = await exchange(world.app, { ...alone, grantType: 'client_credentials', scope: 'read' })
  const board = await open(`?stream=public&access_token=${own}`)
  await giveBack(world.app, { ...alone, token: own })
  await board.ended
})

test('a member has twenty connections: the oldest makes room; who sends too much is let go', async () => {
  const all: Open[] = []
  for (let n = 0; n < 21; n++) all.push(await as('ben'))
  await all[0]!.ended
  expect(connectionsOf(world.app).count()).toBe(20)
  for (let n = 0; n < 130; n++) all[1]!.send({ type: 'subscribe', stream: 'user' })
  expect(await all[1]!.ended).toBe(1008)
  all[2]!.socket.send('x'.repeat(5000))
  expect(await all[2]!.ended).toBe(1009)
})

/** Opens server-sent events and collects what is said. */
const events = (path: string, token?: string) => new Promise<{ response: IncomingMessage; said(words: string): Promise<string> }>((done, fail) => {
  get({ port: port(), path, headers: token ? { authorization: `Bearer ${token}` } : {} }, (response) => {
    let text = ''
    const waiting = new Set<() => void>()
    response.on('data', (part: Buffer) => { text += part.toString(); for (const look of waiting) look() })
    response.on('error', () => {})
    done({ response, said: (words) => new Promise((found) => { const look = () => { if (text.includes(words)) { waiting.delete(look); found(text) } }; waiting.add(look); look() }) })
  }).on('error', fail)
})

test('the same by server-sent events, which begin with a smile and one line\'s end', async () => {
  const stream = await events('/api/v1/streaming/user', tokens.get('ben'))
  expect(stream.response.headers).toMatchObject({ 'content-type': 'text/event-stream', 'access-control-allow-origin': '*' })
  const post = await createPost(world.app, one('ada'), { text: 'by another way', audience: 'public' })
  const text = await stream.said(post.id)
  expect(text).toMatch(/^:\)\nevent: update\ndata: \{.*\}\n\n$/)
  await removePost(world.app, one('ada'), post.id)
  await stream.said(`event: delete\ndata: ${post.id}\n\n`)
  endStreams(world.app)
  await new Promise((end) => { stream.response.once('close', end) })
})

test('server-sent events ask for the same rights', async () => {
  expect((await events('/api/v1/streaming/user')).response.statusCode).toBe(401)
  expect((await events('/api/v1/streaming/hashtag', tokens.get('ben'))).response.statusCode).toBe(400)
  expect((await events(`/api/v1/streaming/public/local?only_media=true&access_token=${tokens.get('ben')}`)).response.statusCode).toBe(200)
  const narrow = (await createAccessToken(world.app, one('ben'), 'write')).accessToken
  expect((await events('/api/v1/streaming/public', narrow)).response.statusCode).toBe(403)
  const health = await events('/api/v1/streaming/health')
  expect(await health.said('OK')).toBe('OK')
})
