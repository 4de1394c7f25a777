import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account, AccountState } from '#server/domain/accounts/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import { visiblePost } from './queries-visible.ts'
import type { Audience } from './types.ts'
import type { PostFacts } from './visible.ts'
import { reader, visibleTo } from './visible.ts'

const states: AccountState[] = ['pending', 'active', 'limited', 'suspended', 'deleted']
const audiences: Audience[] = ['public', 'members', 'followers', 'mentioned']
const postStates = ['processing', 'published', 'held', 'removed'] as const

let world: World
const people: Account[] = []
beforeAll(async () => {
  world = await openWorld()
  for (const state of [...states, ...states, 'active' as const]) people.push(await person(world.app, `p${people.length}`, { state }))
  // Some of them said that they are adults.
  await sql`update accounts set preferences = '{"adult": true}' where id % 2 = 0 or id = ${people[10]!.id}`.execute(world.app.database.queries)
  const { rows } = await sql<{ id: string }>`select id::text as id from accounts where preferences @> '{"adult": true}'`.execute(world.app.database.queries)
  for (const one of people) if (rows.some((row) => row.id === one.id)) one.preferences = { adult: true }
})
afterAll(() => world.close())

type Pair = [number, number]
const who = fc.integer({ min: 0, max: 10 })
const pair: fc.Arbitrary<Pair> = fc.tuple(who, who).filter(([a, b]) => a !== b)
const posts = fc.array(fc.record({ author: who, audience: fc.constantFrom(...audiences), state: fc.constantFrom(...postStates, 'published' as const, 'published' as const), deleted: fc.constantFrom(false, false, false, true), adults: fc.constantFrom(false, false, true), names: fc.uniqueArray(who, { maxLength: 2 }), withheld: fc.constantFrom<string[]>([], ['DE'], ['DE', 'FR']), ended: fc.constantFrom(false, false, false, true) }), { minLength: 1, maxLength: 12 })
const worlds = fc.record({ posts, follows: fc.uniqueArray(fc.tuple(pair, fc.boolean()), { maxLength: 40, selector: ([p]) => p.join() }), blocks: fc.uniqueArray(pair, { maxLength: 6, selector: String }), accounts: fc.array(fc.record({ who, countries: fc.subarray(['DE', 'FR'], { minLength: 1 }), ended: fc.boolean() }), { maxLength: 2 }) })
const has = (pairs: Pair[], a: number, b: number) => pairs.some(([x, y]) => x === a && y === b)

test('the SQL and the function agree about every viewer and post of any world', async () => {
  const { queries } = world.app.database
  await fc.assert(fc.asyncProperty(worlds, async (made) => {
    await sql`truncate posts, post_mentions, follows, blocks, withholdings cascade`.execute(queries)
    const at = (index: number) => people[index]!
    const ids = made.posts.map(() => world.app.newId<'post'>())
    for (const [[a, b], accepted] of made.follows) await queries.insertInto('follows').values({ id: world.app.newId(), follower_id: at(a).id, followed_id: at(b).id, state: accepted ? 'accepted' : 'requested' }).execute()
    for (const [a, b] of made.blocks) await queries.insertInto('blocks').values({ id: world.app.newId(), blocker_id: at(a).id, blocked_id: at(b).id }).execute()
    for (const [index, post] of made.posts.entries()) {
      await queries.insertInto('posts').values({ id: ids[index]!, author_id: at(post.author).id, audience: post.audience, state: post.state, deleted_at: post.deleted ? new Date() : null, marks: post.adults ? ['adults'] : [] }).execute()
      for (const name of post.names) await queries.insertInto('post_mentions').values({ post_id: ids[index]!, account_id: at(name).id }).execute()
    }
    const withhold = (row: { account: number; post: string | null; countries: string[]; ended: boolean }) => queries.insertInto('withholdings').values({ id: world.app.newId(), account_id: at(row.account).id, post_id: row.post, countries: row.countries, created_at: new Date(), ended_at: row.ended ? new Date() : null }).execute()
    for (const [index, post] of made.posts.entries()) if (post.withheld.length) await withhold({ account: post.author, post: ids[index]!, countries: post.withheld, ended: post.ended })
    for (const one of made.accounts) await withhold({ account: one.who, post: null, countries: one.countries, ended: one.ended })
    const unseenIn = (country: string | null, post: (typeof made.posts)[number]) => country !== null && ((post.withheld.includes(country) && !post.ended) || made.accounts.some((one) => one.who === post.author && one.countries.includes(country) && !one.ended))
    const accepted = made.follows.filter(([, yes]) => yes).map(([one]) => one)
    for (const readMode of ['everyone', 'members'] as const) for (const country of [null, 'DE', 'JP']) for (const index of [null, ...people.keys()]) {
      const viewer = index === null ? null : at(index)
      const { rows } = await sql<{ id: string }>`select p.id from posts p where ${visiblePost('p', { readerId: reader(viewer), readMode, country })}`.execute(queries)
      const expected = made.posts.flatMap((post, number) => {
        const facts: PostFacts = {
          authorId: at(post.author).id, authorState: at(post.author).state, audience: post.audience, state: post.state, deleted: post.deleted, adultsOnly: post.adults,
          mentionsViewer: index !== null && post.names.includes(index), followsAuthor: index !== null && has(accepted, index, post.author),
          blockBetween: index !== null && (has(made.blocks, index, post.author) || has(made.blocks, post.author, index)), withheld: unseenIn(country, post),
        }
        return visibleTo(viewer, readMode, facts) ? [ids[number]] : []
      })
      expect(rows.map((row) => row.id).sort()).toEqual(expected.sort())
    }
  }), { numRuns: 20, endOnFailure: true })
}, 60_000)
