import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { sameWithin } from '#server/platform/fingerprint/index.ts'
import { createList, exportHashes, importHashes, indexHashes, removeList } from './index.ts'
import { findNear } from './near.ts'

let world: World
let mara: Account, ines: Account
let folder: string
beforeAll(async () => {
  world = await openWorld()
  folder = await mkdtemp(join(tmpdir(), 'hearth-hashes-'))
  mara = await person(world.app, 'mara', { role: 'owner' })
  ines = await person(world.app, 'ines', { role: 'moderator' })
})
afterAll(async () => { await world?.close(); await rm(folder, { recursive: true, force: true }) })

const hex = (bytes = 32) => randomBytes(bytes).toString('hex')
const list = (name = hex(4)) => createList(world.app, mara, { name, category: 'other' })
const read = (id: string, text: string, more: { format?: string; replace?: boolean } = {}) => importHashes(world.app, mara, id, { content: (async function* () { for (let at = 0; at < text.length; at += 97) yield text.slice(at, at + 97) })(), ...more })
const live = async (id: string) => (await world.app.database.pool.query<{ value: string }>(`select encode(key, 'hex') as value from hash_entries where list_id = $1 and withdrawn_at is null order by id`, [id])).rows.map((row) => row.value)
const all = async (lines: AsyncIterable<string>) => { const found: string[] = []; for await (const line of lines) found.push(line); return found }
const near = async (value: string) => (await findNear(world.app, [Buffer.from(value, 'hex')], sameWithin)).length

test('a file is taken over whole, and its bad lines are told with number and reason', async () => {
  const id = await list()
  const [one, other] = [hex(), hex(16)]
  const result = await read(id, `pdq ${one}\n# a comment\nmd5 ${other}\npdq xyz\npdq ${'0'.repeat(64)}\nphotodna ${hex()}\n\nmd5 ${other}`)
  expect(result).toEqual({ format: 'lines', lines: 8, added: 2, changed: 0, withdrawn: 0, refused: 3, problems: [{ line: 4, reason: 'notHex' }, { line: 5, reason: 'degenerate' }, { line: 6, reason: 'unknownKind' }] })
  expect(await live(id)).toEqual(expect.arrayContaining([one, other]))
  expect(await near(one)).toBe(1)
})

test('a file that breaks off changes nothing at all', async () => {
  const id = await list()
  const kept = hex()
  await read(id, `pdq ${kept}`)
  const broken = importHashes(world.app, mara, id, { format: 'lines', replace: true, content: (async function* () {
    for (let at = 0; at < 12_000; at++) yield `pdq ${hex()}\n`
    throw new Error('the disk is gone')
  })() })
  await expect(broken).rejects.toThrow('the disk is gone')
  expect(await live(id)).toEqual([kept])
  expect((await world.app.database.pool.query('select 1 from hash_staging')).rowCount).toBe(0)
  await expect(read(id, '{"count":1,"hashRecords":[{"signalType":"ImagePDQ"', { format: 'stopncii' })).rejects.toMatchObject({ code: 'formatBroken' })
  await expect(read(id, 'what is this')).rejects.toMatchObject({ code: 'nothingRead' })
  await expect(read(id, '%PDF-1.4 ...')).rejects.toMatchObject({ code: 'formatUnknown' })
})

test('a newer whole list withdraws what it doesn’t have; what comes back counts again; a bad file withdraws nothing', async () => {
  const id = await list()
  const [one, two, three] = [hex(), hex(), hex()]
  await read(id, `pdq ${one}\npdq ${two}`)
  expect(await read(id, `pdq ${two}\npdq ${three}`, { replace: true })).toMatchObject({ added: 1, withdrawn: 1 })
  expect(await live(id)).toEqual([two, three])
  await expect(read(id, `pdq ${three}\npdq nonsense`, { replace: true })).rejects.toMatchObject({ code: 'tooManyBad' })
  expect(await live(id)).toEqual([two, three])
  expect(await read(id, `signal_type,signal_value,withdrawn_at\npdq,${one},\npdq,${two},2026-01-01`)).toMatchObject({ changed: 1, withdrawn: 1 })
  expect((await live(id)).sort()).toEqual([one, three].sort())
})

test('what is given out can be read again, films too, and a list of others stays here', async () => {
  const own = await list('Own')
  const film = JSON.stringify([`${hex()},90,0.000`, `${hex()},80,1.000`])
  await read(own, `{"signal_type":"pdq","signal_value":"${hex()}","tags":["=1+1","grey"],"quality":77}\n{"signal_type":"vpdq","signal_value":${film}}\n{"signal_type":"sha256","signal_value":"${hex()}"}`)
  await expect(exportHashes(world.app, mara, { format: 'csv', listId: own })).rejects.toMatchObject({ code: 'listOfOthers' })
  for (const format of ['csv', 'jsonl', 'lines', 'tx-csv']) {
    const text = (await all(await exportHashes(world.app, mara, { format, listId: own, others: true }))).join('')
    const again = await list()
    expect((await read(again, text)).added, format).toBe(3)
    expect((await live(again)).sort(), format).toEqual((await live(own)).sort())
  }
  expect(await all(await exportHashes(world.app, mara, { format: 'csv' }))).toHaveLength(1)
})

test('many lines need little memory, are found at once, and again from the index file', async () => {
  const id = await list()
  const path = join(folder, 'many')
  const values = Array.from({ length: 60_000 }, () => hex())
  await writeFile(path, values.map((value) => `pdq ${value}\n`).join(''))
  const seen: number[] = []
  expect(await importHashes(world.app, mara, id, { content: createReadStream(path) }, ({ lines }) => seen.push(lines))).toMatchObject({ added: 60_000 })
  expect(seen.length).toBeGreaterThan(10)
  for (const value of [values[0]!, values.at(-1)!]) expect(await near(value)).toBe(1)
  await indexHashes(world.app)
  const later = hex()
  await read(await list(), `pdq ${later}`)
  for (const value of [values[7]!, values.at(-1)!, later]) expect(await near(value)).toBe(1)
  // Whatever happened to the file: everything is read from the database.
  await rm(join(world.app.config.dataFolder, 'index'), { recursive: true })
  world.app.caches.delete('hashes.near')
  for (const value of [values[7]!, later]) expect(await near(value)).toBe(1)
  await removeList(world.app, mara, id)
})

test('only those who run the community fill lists', async () => {
  const id = await list()
  await expect(importHashes(world.app, ines, id, { content: (async function* () { yield `pdq ${hex()}` })() })).rejects.toMatchObject({ code: 'notAllowed' })
  await expect(exportHashes(world.app, ines, { format: 'csv' })).rejects.toMatchObject({ code: 'notAllowed' })
  await expect(createList(world.app, mara, { name: ' ', category: 'test' })).rejects.toMatchObject({ problems: [{ field: 'name' }, { field: 'category' }] })
  await expect(read('1', `pdq ${hex()}`)).rejects.toMatchObject({ code: 'notFound' })
})
