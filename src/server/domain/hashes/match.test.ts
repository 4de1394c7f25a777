import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sharp } from 'sharp'
import { scene } from '../../../../tests/media/pictures.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { acceptUpload } from '#server/domain/media/index.ts'
import type { HashAction } from './index.ts'
import { insertMatches } from './queries-match.ts'
import { addToOwnBank, createList, importHashes, matchesOf, removeOwnEntry } from './index.ts'

let world: World
let tomas: Account, ines: Account

beforeAll(async () => {
  world = await openWorld()
  tomas = await person(world.app, 'tomas')
  ines = await person(world.app, 'ines', { role: 'moderator' })
})
afterAll(() => world?.close())

const upload = async (bytes: Buffer, as: Account = tomas, purpose = 'post') => (await acceptUpload(world.app, as, Readable.from([bytes]), { name: 'picture', purpose })).id
const jpeg = async (picture: Promise<Sharp>, change: (picture: Sharp) => Sharp = (one) => one) => change(await picture).jpeg({ quality: 80 }).toBuffer()
const events = async () => (await world.app.database.pool.query<{ payload: { type: string; mediaId: string } }>(`select payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'event'`)).rows.map((row) => row.payload)

test('what a moderator never wants to see again is found in every shape, however it is held', async () => {
  const original = await upload(await jpeg(scene(900, 600, 11)))
  await world.work()
  expect(await matchesOf(world.app, [original])).toEqual(new Map())
  expect((await addToOwnBank(world.app, ines, original, { category: 'terrorism', reason: 'Mark of the Order of the Grey Triangle' })).added).toBe(3)

  const copies = {
    same: await upload(await jpeg(scene(900, 600, 11))),
    small: await upload(await jpeg(scene(900, 600, 11), (one) => one.resize(300, 200).blur(1))),
    mirrored: await upload(await jpeg(scene(900, 600, 11), (one) => one.flop())),
    turned: await upload(await jpeg(scene(900, 600, 11), (one) => one.rotate(90)), tomas, 'avatar'),
    other: await upload(await jpeg(scene(900, 600, 12))),
  }
  await world.work()
  const found = await matchesOf(world.app, Object.values(copies))
  expect(found.get(copies.same)!.find((one) => one.signal === 'sha256')).toMatchObject({ distance: null, action: 'quarantine', list: { source: 'own', category: 'terrorism' } })
  expect(found.get(copies.small)!).toMatchObject([{ signal: 'pdq', turn: 'upright', action: 'quarantine', severity: 4 }])
  expect(found.get(copies.mirrored)!).toMatchObject([{ signal: 'pdq', turn: 'flipY' }])
  expect(found.get(copies.turned)!).toMatchObject([{ signal: 'pdq' }])
  expect(found.has(copies.other)).toBe(false)
  // What was there before was looked at again.
  expect((await matchesOf(world.app, [original])).get(original)!.map((one) => one.bySweep)).toEqual([true, true, true])
})

test('whoever asks before the picture is made ready hears of its bytes, and of its looks afterwards', async () => {
  const bytes = await jpeg(scene(700, 500, 31))
  const first = await upload(bytes)
  await world.work()
  await addToOwnBank(world.app, ines, first, { category: 'spam', reason: '' })
  const again = await upload(bytes)
  const before = (await matchesOf(world.app, [again])).get(again)!
  expect(new Set(before.map((one) => one.signal))).toEqual(new Set(['sha256', 'md5']))
  await world.work()
  expect(new Set((await matchesOf(world.app, [again])).get(again)!.map((one) => one.signal))).toContain('pdq')
})

test('each item that has something listed is one event, told once', async () => {
  const bytes = await jpeg(scene(640, 480, 41))
  const first = await upload(bytes)
  await world.work()
  await addToOwnBank(world.app, ines, first, { category: 'hate', reason: '' })
  await world.work()
  const copy = await upload(bytes)
  await matchesOf(world.app, [copy])
  expect((await events()).filter((one) => one.type === 'media.matched')).toEqual([{ type: 'media.matched', mediaId: copy }])
  await matchesOf(world.app, [copy])
  expect((await events()).filter((one) => one.type === 'media.matched').length).toBe(1)
})

test('what a moderator takes out of the list is no match any more', async () => {
  const media = await upload(await jpeg(scene(500, 500, 51)))
  await world.work()
  await addToOwnBank(world.app, ines, media, { category: 'other', reason: '' })
  await world.work()
  const found = (await matchesOf(world.app, [media])).get(media)!
  expect(found.length).toBe(3)
  for (const one of found) await removeOwnEntry(world.app, ines, one.entryId)
  expect((await matchesOf(world.app, [media])).size).toBe(0)
  await expect(removeOwnEntry(world.app, ines, found[0]!.entryId)).rejects.toMatchObject({ code: 'notFound' })
})

test('a plain picture is only known by its bytes: it looks like every other plain one', async () => {
  const plain = async (quality: number) => (await import('sharp')).default({ create: { width: 400, height: 300, channels: 3, background: '#88aacc' } }).jpeg({ quality }).toBuffer()
  const sky = await upload(await plain(80))
  await world.work()
  expect((await addToOwnBank(world.app, ines, sky, { category: 'other', reason: '' })).added).toBe(2)
  const other = await upload(await plain(40))
  await world.work()
  expect((await matchesOf(world.app, [other])).size).toBe(0)
})

test('a file that a list names by its SHA-1 alone is known: what is stored already, and what comes', async () => {
  const bytes = await jpeg(scene(400, 300, 77))
  const first = await upload(bytes)
  await world.work()
  const list = await createList(world.app, await person(world.app, 'olga', { role: 'owner' }), { name: 'By SHA-1', category: 'spam' })
  await importHashes(world.app, 'command', list, { format: 'lines', content: Readable.from([`sha1 ${createHash('sha1').update(bytes).digest('hex')}\n`]) as AsyncIterable<string> })
  await world.work()
  const again = await upload(bytes, ines)
  const found = await matchesOf(world.app, [first, again])
  expect([first, again].map((id) => found.get(id)?.map((one) => [one.signal, one.bySweep]))).toEqual([[['sha1', true]], [['sha1', false]]])
})

test('only staff list anything, and what isn’t there can’t be listed', async () => {
  await expect(addToOwnBank(world.app, tomas, '1', { category: 'spam', reason: '' })).rejects.toMatchObject({ code: 'notAllowed' })
  await expect(addToOwnBank(world.app, ines, '1', { category: 'spam', reason: '' })).rejects.toMatchObject({ code: 'notFound' })
  await expect(addToOwnBank(world.app, ines, 'x', { category: 'nonsense', reason: '' })).rejects.toMatchObject({ code: 'badValue' })
  expect(await matchesOf(world.app, ['x', '1', createHash('md5').digest('hex')])).toEqual(new Map())
})

test('what the first pictures of a film were like gives way to what the whole film is, never the other way round, nor against what a person said', async () => {
  const { app } = world
  const id = await upload(await jpeg(scene(320, 200, 91)))
  await world.work()
  await addToOwnBank(app, ines, id, { category: 'spam', reason: '' })
  await world.work()
  const [match] = (await matchesOf(app, [id])).get(id)!
  const found = (action: HashAction, distance: number | null) => app.database.inTransaction((tx) => insertMatches(tx, [{ id: app.newId(), mediaId: id, entryId: match!.entryId, signal: match!.signal, distance, turn: null, frameShare: null, quality: null, action }], false, app.now()))
  const now = async () => (await app.database.pool.query('select m.action, m.distance, e.seen from media_matches m join hash_entries e on e.id = m.entry_id where m.media_id = $1 and m.entry_id = $2', [id, match!.entryId])).rows[0]
  await app.database.pool.query("update media_matches set action = 'flag', distance = 30 where media_id = $1", [id])
  const { seen } = await now()
  expect(await found('quarantine', 4)).toEqual([id])
  expect(await now()).toEqual({ action: 'quarantine', distance: 4, seen })
  expect(await found('hold', 20)).toEqual([])
  expect(await now()).toEqual({ action: 'quarantine', distance: 4, seen })
  await app.database.pool.query("update media_matches set judged = 'wrong', action = 'flag' where media_id = $1", [id])
  expect(await found('quarantine', 0)).toEqual([])
})
