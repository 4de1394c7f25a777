import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { follow, unfollow } from '#server/domain/relationships/index.ts'
import * as lists from './index.ts'

let world: World
let mara: Account
let jun: Account
let lina: Account
beforeAll(async () => {
  world = await openWorld()
  mara = await person(world.app, 'mara')
  jun = await person(world.app, 'jun')
  lina = await person(world.app, 'lina')
  await follow(world.app, mara, jun.id)
})
afterAll(() => world.close())
const on = async (id: string) => (await lists.listMembers(world.app, mara, id)).items.map((one) => one.username)

test('mara puts whom she follows on a list; who is unfollowed leaves it', async () => {
  const list = await lists.createList(world.app, mara, { title: ' Close\nfriends ' })
  expect(list).toMatchObject({ title: 'Close friends', repliesPolicy: 'list', exclusive: false })
  await lists.addToList(world.app, mara, list.id, [jun.id])
  await lists.addToList(world.app, mara, list.id, [jun.id, jun.id])
  expect(await on(list.id)).toEqual(['jun'])
  await expect(lists.addToList(world.app, mara, list.id, [jun.id, lina.id])).rejects.toMatchObject({ code: 'notFound' })
  await follow(world.app, mara, lina.id)
  await lists.addToList(world.app, mara, list.id, [lina.id])
  expect(await on(list.id)).toEqual(['lina', 'jun'])
  expect((await lists.listsWith(world.app, mara, jun.id)).map((one) => one.title)).toEqual(['Close friends'])
  await unfollow(world.app, mara, jun.id)
  expect(await on(list.id)).toEqual(['lina'])
  await lists.removeFromList(world.app, mara, list.id, [lina.id, jun.id])
  expect(await on(list.id)).toEqual([])
})

test('a list is its owner’s alone', async () => {
  const list = await lists.createList(world.app, mara, { title: 'Mine', repliesPolicy: 'none', exclusive: true })
  expect(await lists.changeList(world.app, mara, list.id, { exclusive: false })).toMatchObject({ title: 'Mine', repliesPolicy: 'none', exclusive: false })
  for (const attempt of [() => lists.seeList(world.app, jun, list.id), () => lists.changeList(world.app, jun, list.id, { title: 'x' }), () => lists.removeList(world.app, jun, list.id), () => lists.listMembers(world.app, jun, list.id), () => lists.addToList(world.app, jun, list.id, [mara.id]), () => lists.seeList(world.app, mara, '-1')]) await expect(attempt()).rejects.toMatchObject({ code: 'notFound' })
  await expect(lists.createList(world.app, mara, { repliesPolicy: 'all' })).rejects.toMatchObject({ problems: [{ field: 'title' }, { field: 'repliesPolicy' }] })
  await lists.removeList(world.app, mara, list.id)
  await expect(lists.seeList(world.app, mara, list.id)).rejects.toMatchObject({ code: 'notFound' })
})

test('fifty lists are enough, also when made at once', async () => {
  const made = await Promise.allSettled(Array.from({ length: 53 }, (_, at) => lists.createList(world.app, lina, { title: `List ${at}` })))
  expect(made.filter((one) => one.status === 'fulfilled')).toHaveLength(50)
  expect(await lists.listsOf(world.app, lina)).toHaveLength(50)
})
