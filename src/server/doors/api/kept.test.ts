import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from '#server/domain/accounts/index.ts'
import { setState } from '#server/domain/accounts/index.ts'
import { changeSettings } from '#server/domain/instance/index.ts'
import { openApi } from '../../../../tests/api/door.ts'
import type { Api, Client } from '../../../../tests/api/door.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'

let world: World
/** as it is, and one that keeps nothing */
let fast: Api
let slow: Api
beforeAll(async () => {
  world = await openWorld()
  fast = await openApi(world)
  const { app } = world
  slow = await openApi({ ...world, app: { ...app, changes: { ...app.changes, settled: async () => false } } })
})
afterAll(async () => {
  await fast.close()
  await slow.close()
  await world.close()
})

/** The same numbers each time, so that a failure can be seen again. */
function dice(seed: number) {
  let state = seed
  return (sides: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.floor(state / 65_536) % sides
  }
}

type Person = { account: Account; asks: Client; plain: Client }
async function people(names: string[]): Promise<Person[]> {
  return Promise.all(names.map(async (name) => {
    const account = await person(world.app, name)
    return { account, asks: await fast.as(account), plain: await slow.as(account) }
  }))
}

const reads = ['/api/v1/timelines/home', '/api/v1/timelines/home?limit=3', '/api/v1/timelines/public', '/api/v1/timelines/public?only_media=true']
const textOf = ({ status, headers, body }: Awaited<ReturnType<Client>>) => JSON.stringify([status, headers.get('link'), body])

/** One random act of somebody; what isn't possible just now is refused, and that is fine. */
async function act(all: Person[], posts: string[], roll: (sides: number) => number): Promise<void> {
  const who = all[roll(all.length)]!
  const other = all[roll(all.length)]!.account
  const post = posts[roll(Math.max(1, posts.length))] ?? '0'
  const say = (path: string, json: object = {}, method = 'POST') => who.asks({ path, json, method, unchecked: true })
  const kinds: (() => Promise<unknown>)[] = [
    async () => { posts.push(((await say('/api/v1/statuses', { status: `words ${roll(9)} #tea${roll(3)} @${other.username}`, visibility: ['public', 'unlisted', 'private', 'direct'][roll(4)] })).json as { id?: string }).id ?? '0') },
    async () => { posts.push(((await say('/api/v1/statuses', { status: `answer ${roll(9)}`, in_reply_to_id: post, visibility: 'public' })).json as { id?: string }).id ?? '0') },
    async () => { posts.push(((await say('/api/v1/statuses', { status: 'what?', visibility: 'public', poll: { options: ['a', 'b'], expires_in: 3600 } })).json as { id?: string }).id ?? '0') },
    async () => { posts.push(((await say('/api/v1/statuses', { status: 'look', visibility: 'public', quoted_status_id: post })).json as { id?: string }).id ?? '0') },
    () => say(`/api/v1/statuses/${post}/${['favourite', 'unfavourite', 'reblog', 'unreblog', 'bookmark', 'unbookmark', 'mute', 'unmute', 'pin', 'unpin'][roll(10)]}`),
    () => say(`/api/v1/statuses/${post}`, { status: `changed ${roll(99)}` }, 'PUT'),
    () => say(`/api/v1/statuses/${post}`, {}, 'DELETE'),
    () => say(`/api/v1/accounts/${other.id}/${['follow', 'follow', 'follow', 'unfollow', 'mute', 'unmute', 'unmute', 'block', 'unblock', 'unblock', 'remove_from_followers'][roll(11)]}`),
    () => say(`/api/v1/tags/tea${roll(3)}/${['follow', 'unfollow'][roll(2)]}`),
    () => say('/api/v1/accounts/update_credentials', { display_name: `Name ${roll(99)}`, note: `about ${roll(99)}` }, 'PATCH'),
    () => say('/api/v2/filters', { title: 'f', context: ['home'], filter_action: ['warn', 'hide'][roll(2)], keywords_attributes: [{ keyword: `${roll(9)}`, whole_word: true }] }),
    async () => { const [one] = (await who.asks({ path: '/api/v2/filters', unchecked: true })).json as unknown as { id: string }[]; if (one) await say(`/api/v2/filters/${one.id}`, {}, 'DELETE') },
    async () => { const read = (await who.asks({ path: `/api/v1/statuses/${post}`, unchecked: true })).json as { poll?: { id: string } | null }; if (read.poll) await say(`/api/v1/polls/${read.poll.id}/votes`, { choices: [roll(2)] }) },
    async () => { const list = (await say('/api/v1/lists', { title: 'l', exclusive: true })).json as { id?: string }; await say(`/api/v1/lists/${list.id ?? 0}/accounts`, { account_ids: [other.id] }) },
    () => world.app.database.inTransaction((tx) => setState(world.app, tx, other.id, (['active', 'active', 'limited', 'suspended'] as const)[roll(4)]!)),
    () => world.app.database.inTransaction((tx) => setState(world.app, tx, other.id, 'active')),
    () => changeSettings(world.app, 'command', { name: `Town ${roll(9)}`, readMode: (['everyone', 'members'] as const)[roll(2)] }),
  ]
  await kinds[roll(3) ? roll(9) : roll(kinds.length)]!()
}

test('whatever happens, what is kept is what would be read anew, byte for byte', { timeout: 120_000 }, async () => {
  const all = await people(['ana', 'bo', 'cai', 'dina', 'eli'])
  const roll = dice(20_261_124)
  const posts: string[] = []
  for (let step = 0; step < 200; step++) {
    await act(all, posts, roll)
    await world.work()
    // All of them had an answer kept before this step: each that should have gone is seen.
    const path = reads[step % 8 < 5 ? 0 : roll(reads.length)]!
    for (const who of all) {
      const [first, plain] = [await who.asks(path), await who.plain(path)]
      expect([step, textOf(first)]).toEqual([step, textOf(plain)])
    }
  }
  const { answers } = world.app.caches.get('api answers') as { answers: { size(): { entries: number } } }
  expect(answers.size().entries).toBeGreaterThan(0)
})

test('while others write at the same time, nobody reads what was over before they asked', { timeout: 120_000 }, async () => {
  const all = await people(['fay', 'gus', 'hana', 'ivo'])
  for (const one of all) for (const other of all) if (one !== other) await one.asks({ path: `/api/v1/accounts/${other.account.id}/follow`, json: {} })
  const roll = dice(7)
  const posts: string[] = []
  let writing = true
  const writers = Promise.all([1, 2].map(async (seed) => {
    const own = dice(seed)
    for (let step = 0; step < 120; step++) await act(all, posts, own)
  })).finally(() => { writing = false })
  let compared = 0
  while (writing) {
    const who = all[roll(all.length)]!
    const path = reads[roll(reads.length)]!
    const before = textOf(await who.plain(path))
    const [kept, too] = await Promise.all([who.asks(path), who.asks(path)])
    // Where nothing changed meanwhile, all of them must say the same.
    if (before !== textOf(await who.plain(path))) continue
    expect([textOf(kept), textOf(too)]).toEqual([before, before])
    compared++
  }
  await writers
  expect(compared).toBeGreaterThan(5)
})

test('a token that ended, a member who was suspended and a right that was never given open nothing that is kept', async () => {
  const [kim] = await people(['kim']) as [Person]
  const other = await fast.as(kim.account, 'read:accounts')
  expect((await kim.asks('/api/v1/timelines/home')).status).toBe(200)
  expect((await kim.asks('/api/v1/timelines/home')).status).toBe(200)
  expect((await other('/api/v1/timelines/home')).status).toBe(403)
  await world.app.database.inTransaction((tx) => setState(world.app, tx, kim.account.id, 'suspended'))
  expect((await kim.asks('/api/v1/timelines/home')).status).toBe(401)
  await world.app.database.inTransaction((tx) => setState(world.app, tx, kim.account.id, 'active'))
  expect((await kim.asks('/api/v1/timelines/home')).status).toBe(200)
  await world.app.database.pool.query('update access_tokens set revoked_at = now() where account_id = $1', [kim.account.id])
  expect((await kim.asks('/api/v1/timelines/home')).status).toBe(401)
})
