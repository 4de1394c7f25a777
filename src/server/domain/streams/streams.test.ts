import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from '#server/domain/accounts/index.ts'
import { createPost } from '#server/domain/posts/index.ts'
import { block, follow } from '#server/domain/relationships/index.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { streamHub } from './index.ts'
import type { Ear, Told } from './index.ts'

let world: World
beforeAll(async () => { world = await openWorld() })
afterAll(() => world.close())

/** Listens to a home; `next` resolves with the next post told. */
function listen(viewer: Account): { ear: Ear; next(): Promise<Extract<Told, { type: 'post' | 'edit' }>> } {
  const heard: Told[] = []
  let wake = () => {}
  const ear: Ear = { viewer, reads: true, hear: (_channel, told) => { heard.push(told); wake() }, check() {} }
  streamHub(world.app).listen(ear, `home:${viewer.id}`)
  return {
    ear,
    next: () => new Promise((done) => {
      wake = () => {
        const told = heard.shift()
        if (!told || !('viewFor' in told) || told.type === 'announcement') return
        wake = () => {} // what comes now waits for the next who asks
        done(told)
      }
      wake()
    }),
  }
}

test('a quote is read for each: who may not see what is quoted gets the post without it; all others share one reading', async () => {
  const [ada, ben, finn, eva] = await Promise.all(['ada', 'ben', 'finn', 'eva'].map((name) => person(world.app, name))) as [Account, Account, Account, Account]
  for (const who of [ben, finn]) await follow(world.app, who, eva.id)
  await block(world.app, ada, finn.id)
  const [his, other] = [listen(ben), listen(finn)]
  const source = await createPost(world.app, ada, { text: 'the words', audience: 'public', quotePolicy: 'public' })
  await createPost(world.app, eva, { text: 'look at this', audience: 'public', quotedId: source.id })
  const [forBen, forFinn] = await Promise.all([his.next(), other.next()])
  expect((await forBen.viewFor(ben))?.quote?.post?.text).toBe('the words')
  expect((await forFinn.viewFor(finn))?.text).toBe('look at this')
  expect((await forFinn.viewFor(finn))?.quote?.post ?? null).toBeNull()
  await createPost(world.app, eva, { text: 'plain', audience: 'public' })
  const plain = await his.next()
  expect(await plain.viewFor(ben)).toBe(await plain.viewFor(finn))
  for (const one of [his, other]) streamHub(world.app).leave(one.ear)
})
