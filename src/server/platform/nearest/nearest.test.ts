import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openNearest } from './index.ts'

let folder: string
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'hearth-nearest-')) })
afterAll(() => rm(folder, { recursive: true, force: true }))

const near = (hash: Buffer, bits: number) => { const copy = Buffer.from(hash); for (let bit = 0; bit < bits; bit++) copy[bit]! ^= 1; return copy }

test('a set that grows out of this thread finds the same as before, and what is added later too', async () => {
  const set = openNearest({ mostHere: 100 })
  const hashes = Array.from({ length: 300 }, () => randomBytes(32))
  await set.add(Buffer.concat(hashes.slice(0, 90)))
  expect(await set.find([near(hashes[5]!, 20)], 31)).toEqual([{ query: 0, distance: 20, key: hashes[5] }])
  await set.add(Buffer.concat(hashes.slice(90)))
  expect((await set.find([near(hashes[5]!, 31), near(hashes[299]!, 3), near(hashes[6]!, 32)], 31)).map(({ query, distance }) => [query, distance]).sort()).toEqual([[0, 31], [1, 3]])
  expect((await set.size()).count).toBe(300)
  await set.close()
  await expect(set.find([hashes[0]!], 31)).rejects.toThrow('closed')
})

test('many small additions become indexes, and stay found', async () => {
  const set = openNearest({ mostHere: 0 })
  const marks: Buffer[] = []
  for (let round = 0; round < 9; round++) {
    const hashes = randomBytes(32 * 60_000)
    marks.push(Buffer.from(hashes.subarray(32 * 777, 32 * 778)))
    await set.add(hashes)
    const found = await set.find(marks.map((mark) => near(mark, 30)), 31)
    expect(found.map((hit) => hit.query).sort()).toEqual(marks.map((_, at) => at))
  }
  await set.close()
})

test('a file brings everything back; one that is cut off or changed is refused', async () => {
  const set = openNearest()
  const hashes = randomBytes(32 * 1000)
  await set.add(hashes)
  const path = join(folder, 'index')
  await set.save(path)
  await set.close()

  const again = openNearest()
  expect(await again.load(path)).toBe(true)
  expect(await again.find([near(hashes.subarray(32 * 999), 31)], 31)).toMatchObject([{ distance: 31 }])
  const bytes = await readFile(path)
  await writeFile(join(folder, 'short'), bytes.subarray(0, -10))
  bytes[5000]! ^= 1
  await writeFile(join(folder, 'changed'), bytes)
  for (const name of ['short', 'changed', 'absent']) expect(await again.load(join(folder, name)), name).toBe(false)
  await again.close()
})
