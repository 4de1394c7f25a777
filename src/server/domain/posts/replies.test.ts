import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { editPreferences, findAccount } from '#server/domain/accounts/index.ts'
import type { Account, NamePolicy } from '#server/domain/accounts/index.ts'
import { conversationsOf } from '#server/domain/conversations/index.ts'
import { notificationList } from '#server/domain/notifications/index.ts'
import { follow } from '#server/domain/relationships/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import { mayName } from './may-name.ts'
import * as posts from './index.ts'
import type { Draft, PostId, ReplyPolicy } from './index.ts'

let world: World
let people: Account[]
let mara: Account, jun: Account, lina: Account
beforeAll(async () => {
  world = await openWorld()
  people = []
  for (const name of ['mara', 'jun', 'lina', 'omar']) people.push(await person(world.app, name))
  ;[mara, jun, lina] = people as [Account, Account, Account, Account]
})
afterAll(() => world.close())

const write = (who: Account, text: string, more: Partial<Draft> = {}) => posts.createPost(world.app, who, { text, audience: 'members', ...more })
const prefer = async (who: Account, change: Account['preferences']) => { await editPreferences(world.app, who, change); return (await findAccount(world.app, who.id))! }

const policies: ReplyPolicy[] = ['everyone', 'followers', 'followed', 'mentioned', 'nobody']
const who = fc.integer({ min: 0, max: 3 })
const post = fc.record({ by: who, policy: fc.constantFrom(...policies), names: fc.uniqueArray(who, { maxLength: 2 }) })
const worlds = fc.record({ root: post, below: fc.option(post, { nil: null }), follows: fc.uniqueArray(fc.tuple(who, who), { maxLength: 8, selector: String }) })

test('whoever may answer by the rules of a thread and of its post sees it on the post and can; nobody else does either', async () => {
  const { queries } = world.app.database
  await fc.assert(fc.asyncProperty(worlds, async ({ root, below, follows: drawn }) => {
    await sql`truncate posts, post_mentions, follows cascade`.execute(queries)
    const at = (index: number) => people[index]!
    const follows = drawn.filter(([a, b]) => a !== b)
    for (const [a, b] of follows) await queries.insertInto('follows').values({ id: world.app.newId(), follower_id: at(a).id, followed_id: at(b).id, state: 'accepted' }).execute()
    const store = async (one: typeof root, thread: PostId | null) => {
      const id = world.app.newId<'post'>()
      await queries.insertInto('posts').values({ id, author_id: at(one.by).id, audience: 'members', state: 'published', reply_policy: one.policy, thread_id: thread ?? id, reply_to_id: thread, reply_to_author_id: thread ? at(root.by).id : null }).execute()
      for (const name of one.names) await queries.insertInto('post_mentions').values({ post_id: id, account_id: at(name).id }).execute()
      return id
    }
    const rootId = await store(root, null)
    const id = below ? await store(below, rootId) : rootId
    const lets = (one: typeof root, reader: number) => new Set([
      one.by, ...one.policy === 'nobody' ? [] : one.names, ...one.policy === 'everyone' ? [0, 1, 2, 3] : [],
      ...follows.flatMap(([a, b]) => (one.policy === 'followers' && b === one.by ? [a] : one.policy === 'followed' && a === one.by ? [b] : [])),
    ]).has(reader)
    for (const reader of [0, 1, 2, 3]) {
      const expected = lets(root, reader) && (!below || lets(below, reader))
      const seen = await posts.seePost(world.app, at(reader), id)
      expect(seen.viewer.canReply).toBe(expected)
      const answer = await write(at(reader), 'an answer', { replyToId: id }).then(() => true, (error: { code: string }) => error.code)
      expect(answer).toBe(expected || 'cantReply')
      if (answer === true) await sql`delete from posts where author_id = ${at(reader).id} and text = 'an answer'`.execute(queries)
    }
    expect((await posts.seePost(world.app, null, id).catch(() => null))?.viewer.canReply ?? false).toBe(false)
  }), { numRuns: 12 })
}, 60_000)

test('mara says who may reply: for one post, for all she begins, and anew later', async () => {
  await sql`truncate posts, post_mentions, follows cascade`.execute(world.app.database.queries)
  const choosy = await prefer(mara, { replyPolicy: 'followed' })
  const first = await write(choosy, 'what shall we sow?')
  expect(first).toMatchObject({ replyPolicy: 'followed', threadPolicy: 'everyone', viewer: { canReply: true } })
  await expect(write(jun, 'beans', { replyToId: first.id })).rejects.toMatchObject({ code: 'cantReply', status: 403 })
  await follow(world.app, mara, jun.id)
  const beans = await write(jun, 'beans', { replyToId: first.id })
  // What is said in the thread keeps to its rule.
  expect(beans).toMatchObject({ replyPolicy: 'everyone', threadPolicy: 'followed' })
  await expect(write(lina, 'peas', { replyToId: beans.id })).rejects.toMatchObject({ code: 'cantReply' })
  await expect(posts.changeReplyPolicy(world.app, jun, first.id, 'everyone')).rejects.toMatchObject({ kind: 'notFound' })
  expect(await posts.changeReplyPolicy(world.app, mara, first.id, 'everyone')).toMatchObject({ replyPolicy: 'everyone' })
  await write(lina, 'peas', { replyToId: beans.id })
  expect(await write(choosy, 'open to all', { replyPolicy: 'everyone' })).toMatchObject({ replyPolicy: 'everyone' })
  await expect(write(mara, 'x', { replyPolicy: 'friends' as ReplyPolicy })).rejects.toMatchObject({ code: 'badReplyPolicy' })
  await prefer(mara, { replyPolicy: 'everyone' })
})

test('who may be named or written to: by policy, ties, the same thread, and always by those who look after the place', () => {
  fc.assert(fc.property(fc.constantFrom<NamePolicy>('everyone', 'followed', 'nobody'), fc.boolean(), fc.boolean(), fc.boolean(), (policy, follows, inThread, staff) => {
    const allowed = mayName({ policy, follows, inThread, staff })
    if (staff || inThread || policy === 'everyone') expect(allowed).toBe(true)
    else expect(allowed).toBe(policy === 'followed' && follows)
    // More ties never take a right away.
    expect(!allowed || mayName({ policy, follows: true, inThread, staff })).toBe(true)
  }))
})

test('who takes no mentions isn’t told; who takes no messages is never thought to have got one; a talk goes on', async () => {
  const told = async (one: Account) => (await notificationList(world.app, one, { kinds: ['mention', 'reply'] })).items.length
  lina = await prefer(lina, { mayMention: 'nobody', mayMessage: 'followed' })
  const before = await told(lina)
  expect((await write(jun, 'look, @lina and @mara')).mentions.map((one) => one.username)).toEqual(['mara'])
  await world.work()
  expect(await told(lina)).toBe(before)
  await expect(write(jun, '@lina psst', { audience: 'mentioned' })).rejects.toMatchObject({ status: 422, problems: [{ field: 'text', message: 'error.cantMessage', params: { username: 'lina' } }] })
  await expect(write(jun, 'hello all', { audience: 'mentioned' }).then((made) => posts.editPost(world.app, jun, made.id, { text: 'and @lina' }))).rejects.toMatchObject({ code: 'form' })
  // She writes to him: he may answer, and name her in it.
  const hers = await write(lina, '@jun have you got the key?', { audience: 'mentioned' })
  const his = await write(jun, '@lina yes', { audience: 'mentioned', replyToId: hers.id })
  expect(his.mentions.map((one) => one.username)).toEqual(['lina'])
  await follow(world.app, lina, jun.id)
  expect((await write(jun, '@lina come by', { audience: 'mentioned' })).mentions).toHaveLength(1)
  const warden = await person(world.app, 'warden', { role: 'moderator' })
  await write(warden, '@lina about your report', { audience: 'mentioned' })
  await world.work()
  expect((await conversationsOf(world.app, lina)).items.length).toBeGreaterThan(1)
})
