import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { scene } from '../../../../tests/media/pictures.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { acceptUpload } from '#server/domain/media/index.ts'
import { addToOwnBank, changeList, hashOverview, importHashes, judgeMatch, matchesOf, rescan, selfTest, sweepNow, testPicture, tryBytes } from './index.ts'

let world: World
let mara: Account, ines: Account, tomas: Account
beforeAll(async () => {
  world = await openWorld()
  mara = await person(world.app, 'mara', { role: 'owner' })
  ines = await person(world.app, 'ines', { role: 'moderator' })
  tomas = await person(world.app, 'tomas')
})
afterAll(() => world?.close())

const jpeg = async (seed: number, size = 900) => (await scene(size, size * 2 / 3, seed)).jpeg({ quality: 80 }).toBuffer()
async function posted(bytes: Buffer): Promise<string> {
  const { id } = await acceptUpload(world.app, tomas, Readable.from([bytes]), { name: 'x', purpose: 'post' })
  await world.work()
  return id
}

test('the self-test proves that the filter works, and again, and touches nothing else', async () => {
  for (const _ of [1, 2]) {
    const result = await selfTest(world.app, mara)
    expect(result.steps.map(({ what, ok }) => [what, ok])).toEqual(['same', 'small', 'pressed', 'mirrored', 'turned', 'other'].map((what) => [what, true]))
  }
  // Whoever posts the picture sees a match that does nothing.
  const found = await matchesOf(world.app, [await posted(await testPicture())])
  expect([...found.values()].flat().map((one) => [one.list.source, one.action])).toEqual([['test', 'log'], ['test', 'log']])
  const { lists } = await hashOverview(world.app, mara)
  expect(lists.map((list) => [list.source, list.entries])).toEqual([['test', 2]])
})

test('a picture that was only shown is compared and not kept', async () => {
  const media = await posted(await jpeg(61))
  await addToOwnBank(world.app, ines, media, { category: 'hate', reason: 'Grey Triangle' })
  const count = async () => (await world.app.database.pool.query('select count(*) from media')).rows[0]
  const before = await count()
  expect(await tryBytes(world.app, mara, await jpeg(61, 400))).toMatchObject({ comparable: true, matches: [{ list: 'Never again', category: 'hate', signal: 'pdq', action: 'hold' }] })
  expect((await tryBytes(world.app, mara, await jpeg(62))).matches).toEqual([])
  expect(await count()).toEqual(before)
  await expect(tryBytes(world.app, mara, Buffer.from('no picture'))).rejects.toMatchObject({ code: 'fileTypeUnknown' })
  await expect(tryBytes(world.app, ines, await jpeg(62))).rejects.toMatchObject({ code: 'notAllowed' })
})

test('a match that was wrong is none any more, and makes its entry careful', async () => {
  const listed = await posted(await jpeg(71))
  await addToOwnBank(world.app, ines, listed, { category: 'terrorism', reason: '' })
  const copies = [await posted(await jpeg(71, 500)), await posted(await jpeg(71, 600))]
  const first = (await matchesOf(world.app, copies)).get(copies[0]!)!
  expect(first.map((one) => one.action)).toEqual(['quarantine'])
  await judgeMatch(world.app, ines, first[0]!.id, 'wrong')
  await judgeMatch(world.app, ines, first[0]!.id, 'wrong')
  expect((await matchesOf(world.app, copies)).has(copies[0]!)).toBe(false)
  expect((await matchesOf(world.app, [await posted(await jpeg(71, 700))])).values().next().value!.map((one) => one.action)).toEqual(['hold'])
  await judgeMatch(world.app, ines, first[0]!.id, 'right')
  expect((await matchesOf(world.app, copies)).get(copies[0]!)!.map((one) => one.judged)).toEqual(['right'])
  expect((await hashOverview(world.app, mara)).lists.find((list) => list.category === 'terrorism')).toMatchObject({ right: 1, wrong: 0 })
  await expect(judgeMatch(world.app, tomas, first[0]!.id, 'right')).rejects.toMatchObject({ code: 'notAllowed' })
})

test('when a list grows, what is stored is looked through; a list that is switched off says nothing', async () => {
  const bytes = await jpeg(81)
  const media = await posted(bytes)
  expect((await matchesOf(world.app, [media])).size).toBe(0)
  const { createList, exportHashes } = await import('./index.ts')
  const donor = await posted(await jpeg(81, 500))
  await addToOwnBank(world.app, ines, donor, { category: 'spam', reason: '' })
  const spam = (await hashOverview(world.app, mara)).lists.find((list) => list.category === 'spam')!
  const lines: string[] = []
  for await (const line of await exportHashes(world.app, mara, { format: 'lines', listId: spam.id })) lines.push(line)
  await changeList(world.app, mara, spam.id, { enabled: 'false' })
  await world.work()
  expect((await matchesOf(world.app, [media])).size).toBe(0)

  const list = await createList(world.app, mara, { name: 'Neighbours', category: 'violence' })
  await importHashes(world.app, mara, list, { content: Readable.from(lines) })
  await world.work()
  expect((await matchesOf(world.app, [media])).get(media)!.map((one) => [one.list.name, one.bySweep])).toEqual([['Neighbours', true]])
  expect((await hashOverview(world.app, mara)).sweep).toMatchObject({ state: 'done' })
  await changeList(world.app, mara, list, { distance: '0', near: '0', middle: '0', action: 'flag' })
  await rescan(world.app, mara)
  await world.work()
  expect((await sweepNow(world.app)).found).toBe(0)
  await expect(changeList(world.app, mara, list, { near: '20', middle: '10', action: 'explode', distance: '99' })).rejects.toMatchObject({ problems: [{ field: 'action' }, { field: 'distance' }, { field: 'middle' }] })
})
