import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { person } from '../tests/people.ts'
import { openWorld } from '../tests/world.ts'
import type { World } from '../tests/world.ts'
import { findAccountByUsername } from '../src/server/domain/accounts/index.ts'
import { readSettings } from '../src/server/domain/instance/index.ts'
import { notificationGroups } from '../src/server/domain/notifications/index.ts'
import { postViews } from '../src/server/domain/posts/index.ts'
import { homeTimeline } from '../src/server/domain/timelines/index.ts'
import { signIn } from '../src/server/domain/sessions/index.ts'
import { verifyCommunity } from '../src/server/verify/index.ts'
import { buildTown } from './build.ts'
import { castPassword, digestOf, runSeed } from './index.ts'
import { drawNth } from './media/picture.ts'
import { compose } from './media/tune.ts'
import { random } from './random.ts'

const until = new Date('2026-05-04T18:00:00Z')

describe('the same seed', () => {
  const town = (seed: number) => digestOf(buildTown({ members: 60, posts: 600, seed, until }))
  test('gives the same people, follows and posts, letter for letter; another seed does not', () => {
    expect(town(1)).toBe(town(1))
    expect(town(1)).not.toBe(town(2))
  })
  test('draws the same pictures and plays the same music; each picture is well drawn and described twice', () => {
    const all = Array.from({ length: 60 }, (_, nth) => drawNth(random(nth), nth))
    expect(drawNth(random(3), 3)).toEqual(all[3])
    expect(new Set(all.map(({ svg }) => svg)).size).toBe(60)
    for (const { svg, description } of all) {
      expect(svg).not.toMatch(/NaN|undefined/i)
      expect(description.ar).toMatch(/^[^a-z]+$/i)
    }
    expect(compose(random(2), 0, 2).wav.equals(compose(random(2), 0, 2).wav)).toBe(true)
  })
})

describe('a town of 2,000', () => {
  const town = buildTown({ members: 2000, posts: 6000, seed: 1, until })
  const followers = town.graph.followers.map((list) => list.length).sort((a, b) => b - a)
  const following = town.graph.following.map((list) => list.length).sort((a, b) => a - b)

  test('a few are known to many, most to some; mara follows 200', () => {
    expect(town.graph.following[0]!.length).toBe(200)
    expect(followers[0]! / 2000).toBeGreaterThan(0.28)
    expect(followers[0]! / 2000).toBeLessThan(0.45)
    expect(following[1000]!).toBeGreaterThanOrEqual(45)
    expect(following[1000]!).toBeLessThanOrEqual(85)
    const top = followers.slice(0, 200).reduce((sum, count) => sum + count, 0) / followers.reduce((sum, count) => sum + count, 0)
    expect(top).toBeGreaterThan(0.2)
  })

  test('answers come after what they answer, from people who may read it, several levels deep', () => {
    const depth: number[] = []
    for (const [index, post] of town.posts.entries()) {
      depth.push(post.replyTo === null ? 0 : depth[post.replyTo]! + 1)
      if (post.replyTo === null) continue
      const parent = town.posts[post.replyTo]!
      expect(post.replyTo).toBeLessThan(index)
      expect(post.thread).toBe(parent.thread)
      if (parent.audience === 'followers' && parent.replyTo === null && post.author !== parent.author) expect(town.graph.followers[parent.author]).toContain(post.author)
    }
    expect(Math.max(...depth)).toBeGreaterThanOrEqual(4)
    expect(depth.filter((one) => one > 0).length / depth.length).toBeGreaterThan(0.25)
  })

  test('texts vary: hardly any start is written twice, and no slot is left open', () => {
    const starts = town.posts.filter((post) => post.replyTo === null)
    expect(new Set(starts.map((post) => post.text)).size / starts.length).toBeGreaterThan(0.7)
    expect(town.posts.filter((post) => /[{}]|undefined/.test(post.text))).toEqual([])
    expect(new Set(starts.map((post) => post.language)).size).toBeGreaterThanOrEqual(10)
  })
})

describe('a seeded community', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
    const now = new Date(Math.floor(world.app.now().getTime() / 3_600_000) * 3_600_000)
    await runSeed(world.app, { members: 60, posts: 2000, seed: 1, until: now, media: { pictures: 2, films: 1, tunes: 1, faces: 1 } })
  })
  afterAll(() => world.close())

  test('agrees with itself', async () => {
    const { checked, differences } = await verifyCommunity(world.app)
    expect(differences).toEqual([])
    expect(checked.find(({ name }) => name === 'tag_days')!.rows).toBeGreaterThan(10)
  })

  test('shows pictures, a film and music that members uploaded', async () => {
    const { rows } = await world.app.database.pool.query('select kind, count(*)::int as n from media where state = \'ready\' and post_id is not null and description <> \'\' group by 1 order by 1')
    expect(rows).toEqual([{ kind: 'audio', n: 2 }, { kind: 'image', n: 8 }, { kind: 'video', n: 2 }])
  })

  test('the owner has a face and a cover, the community a sign and a cover', async () => {
    const mara = (await findAccountByUsername(world.app, 'mara'))!
    const { rows } = await world.app.database.pool.query('select avatar_state, cover_media_id is not null as covered from accounts where id = $1', [mara.id])
    expect(rows).toEqual([{ avatar_state: 'shown', covered: true }])
    const { logoUrl, coverUrl } = await readSettings(world.app)
    expect([logoUrl, coverUrl]).toEqual([expect.stringContaining('/media/files/'), expect.stringContaining('/media/files/')])
  })

  test('mara signs in, reads her home and hears what happened', async () => {
    const mara = (await findAccountByUsername(world.app, 'mara'))!
    expect(await signIn(world.app, { login: 'mara', password: castPassword, userAgent: '', address: '127.0.0.1' })).toBeTruthy()
    expect((await homeTimeline(world.app, mara)).items.length).toBeGreaterThan(14)
    expect((await notificationGroups(world.app, mara, {}, 'all')).items.length).toBeGreaterThan(3)
  })

  test('whoever likes a post may see it', async () => {
    const { rows } = await world.app.database.pool.query<{ post_id: string; username: string }>('select l.post_id, a.username from likes l join posts p on p.id = l.post_id join accounts a on a.id = l.account_id where p.audience in (\'followers\', \'mentioned\') limit 40')
    expect(rows.length).toBeGreaterThan(3)
    for (const row of rows) expect(await postViews(world.app, await findAccountByUsername(world.app, row.username), [row.post_id])).toHaveLength(1)
  })
})

test('beside members who are there already nobody of the seed has a role or can sign in, and only once', async () => {
  const world = await openWorld()
  try {
    const mara = await person(world.app, 'mara')
    const wish = { members: 20, posts: 100, seed: 3, until, intoExisting: true }
    await runSeed(world.app, wish)
    const { rows } = await world.app.database.pool.query('select (select count(*)::int from accounts) as people, (select count(*)::int from credentials) as keys, (select count(*)::int from accounts where role <> \'member\') as staff')
    expect(rows).toEqual([{ people: 21, keys: 0, staff: 0 }])
    expect((await findAccountByUsername(world.app, 'mara'))?.id).toBe(mara.id)
    expect((await verifyCommunity(world.app)).differences).toEqual([])
    await expect(runSeed(world.app, wish)).rejects.toThrow('seeded before')
  } finally { await world.close() }
})
