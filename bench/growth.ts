// node bench/growth.ts --data DIR --bigger DIR: what a read costs in a community ten times as big, as a ratio. Reads of both are
// taken in turns in one process, each from its own database and with nothing kept. Seed with, for example:
//   hearth seed --members 2000 --posts 100000 --data small && hearth seed --members 20000 --posts 1000000 --data big
import { findAccountByUsername } from '../src/server/domain/accounts/index.ts'
import { notificationGroups } from '../src/server/domain/notifications/index.ts'
import { seePost } from '../src/server/domain/posts/index.ts'
import { search } from '../src/server/domain/search/index.ts'
import { accountTimeline, communityTimeline, homeTimeline } from '../src/server/domain/timelines/index.ts'
import type { App } from '../src/server/app.ts'
import { withApp } from '../src/server/start/open.ts'
import { median, tell } from './result.ts'

const folderOf = (flag: string): string => {
  const at = process.argv.indexOf(flag)
  if (at < 0 || !process.argv[at + 1]) throw new Error('--data DIR and --bigger DIR are needed')
  return process.argv[at + 1]!
}
const rounds = 150
const most = 1.2

type Reads = Record<string, () => Promise<unknown>>

async function readsOf(app: App): Promise<Reads> {
  const mara = await findAccountByUsername(app, 'mara')
  if (!mara) throw new Error('There is no mara here: seed this folder first.')
  const { items } = await communityTimeline(app, mara, { limit: 40 })
  if (items.length < 40) throw new Error('There are too few posts here.')
  // One after the other: a single post, or profile, would say more of itself than of the community.
  let turn = 0
  const next = () => items[turn++ % items.length]!
  return {
    'home timeline': () => homeTimeline(app, mara),
    'community timeline': () => communityTimeline(app, mara),
    'a profile’s posts': () => accountTimeline(app, mara, next().author.id, 'posts'),
    'a post': () => seePost(app, mara, next().id),
    'notifications': () => notificationGroups(app, mara),
    'search': () => search(app, mara, { q: 'harbour' }),
  }
}

await withApp({ ...process.env, HEARTH_RATE_LIMIT_SCALE: '1000000', HEARTH_DATA: folderOf('--data') }, (small) => withApp({ ...process.env, HEARTH_RATE_LIMIT_SCALE: '1000000', HEARTH_DATA: folderOf('--bigger') }, async (big) => {
  for (const [name, app] of [['the smaller', small], ['the bigger', big]] as const) {
    const { rows: [count] } = await app.database.pool.query<{ posts: string; members: string }>('select (select count(*) from posts) posts, (select count(*) from accounts) members')
    console.log(`  ${name}: ${count!.members} members, ${count!.posts} posts`)
  }
  const [few, many] = [await readsOf(small), await readsOf(big)]
  for (const [name, read] of Object.entries(few)) {
    const times: [number[], number[]] = [[], []]
    for (let round = -20; round < rounds; round++) {
      for (const [at, one] of [read, many[name]!].entries()) {
        const began = performance.now()
        await one()
        if (round >= 0) times[at]!.push(performance.now() - began)
      }
    }
    tell({ name: `${name}: ms in the smaller`, value: median(times[0]), unit: 'ms' })
    tell({ name: `${name}: ten times the size costs`, value: median(times[1]) / median(times[0]), unit: 'times', most })
  }
}))
