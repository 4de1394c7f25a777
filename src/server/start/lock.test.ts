import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockHolder, takeLock } from './lock.ts'
import { birthOf } from './processes.ts'

let folder: string
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'hearth-lock-')) })
afterEach(() => rm(folder, { recursive: true, force: true }))

test('the second of two is told who came first, and gets in when the first has left', async () => {
  const first = await takeLock(folder, 'server')
  if (!('release' in first)) throw new Error('the first was refused')
  expect(await takeLock(folder, 'command')).toEqual({ heldBy: { pid: process.pid, birth: await birthOf(process.pid), what: 'server' } })
  await first.release()
  expect(await lockHolder(folder)).toBeUndefined()
  expect(await takeLock(folder, 'command')).toHaveProperty('release')
})

test.each([
  ['whose process is gone', JSON.stringify({ pid: 2 ** 22 + 1, birth: 'x', what: 'server' })],
  ['whose number now belongs to another program', JSON.stringify({ pid: process.pid, birth: 'long ago', what: 'server' })],
  ['that a crash cut off', '{"pid":'],
])('a lock %s is taken over', async (_, text) => {
  await writeFile(join(folder, 'hearth.lock'), text)
  expect(await takeLock(folder, 'server')).toHaveProperty('release')
  expect(JSON.parse(await readFile(join(folder, 'hearth.lock'), 'utf8')).pid).toBe(process.pid)
})

test('of twenty that come at once to a stale lock, one wins', async () => {
  await writeFile(join(folder, 'hearth.lock'), JSON.stringify({ pid: 2 ** 22 + 1, birth: 'x', what: 'server' }))
  const all = await Promise.all(Array.from({ length: 20 }, () => takeLock(folder, 'server')))
  expect(all.filter((one) => 'release' in one)).toHaveLength(1)
})
