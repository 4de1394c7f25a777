import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { apart } from './apart.ts'
import { runInChild } from './index.ts'
import { warmChildren } from './warm.ts'

const worker = (name: string) => join(import.meta.dirname, '../../../../tests/media/children', name)

test('a child that never ends is ended', async () => {
  await expect(runInChild(worker('hangs.ts'), {}, { seconds: 1, megabytes: 500 })).rejects.toMatchObject({ child: true, code: 'mediaTimeout' })
})

test('a child that grows too large ends itself', async () => {
  await expect(runInChild(worker('grows.ts'), {}, { seconds: 20, megabytes: 300 })).rejects.toMatchObject({ child: true, code: 'mediaMemory' })
})

test('a child that crashes is only its own trouble', async () => {
  await expect(runInChild(worker('dies.ts'), {}, { seconds: 20, megabytes: 500 })).rejects.toMatchObject({ child: true, code: 'mediaCrashed' })
})

test('a child knows nothing of the server’s secrets', async () => {
  process.env['DATABASE_URL'] = 'postgres://secret'
  const seen = await runInChild<string[]>(worker('tells.ts'), {}, { seconds: 20, megabytes: 500 })
  expect(seen).not.toContain('DATABASE_URL')
})

test('a child reaches no network, not even this machine', async ({ skip }) => {
  skip(apart().length === 0, 'this system lets nobody make a namespace')
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await expect(runInChild(worker('calls.ts'), port, { seconds: 20, megabytes: 500 })).resolves.not.toBe('reached')
  server.close()
})

test('one member’s next file goes to the same child, another member’s never', async () => {
  const children = warmChildren(worker('counts.ts'), { uses: 3 })
  const ask = (key: string, task = 'good') => children.run<{ pid: number; done: number }>(key, task, { seconds: 20, megabytes: 500 })
  const first = await ask('mara')
  expect(await ask('mara')).toEqual({ pid: first.pid, done: 2 })
  expect((await ask('jun')).pid).not.toBe(first.pid)
  expect(await ask('mara')).toEqual({ pid: first.pid, done: 3 })
  // Worn out: a new one.
  expect(await ask('mara')).toMatchObject({ done: 1 })
  const [one, other] = await Promise.all([ask('mara'), ask('mara')])
  expect(one.pid).not.toBe(other.pid)
  children.close()
})

test('a child that failed at a file does nothing else', async () => {
  const children = warmChildren(worker('counts.ts'))
  const ask = (task: string) => children.run<{ pid: number; done: number }>('mara', task, { seconds: 20, megabytes: 500 })
  const first = await ask('good')
  await expect(ask('bad')).rejects.toMatchObject({ child: true, code: 'imageBroken' })
  const next = await ask('good')
  expect([next.pid === first.pid, next.done]).toEqual([false, 1])
  children.close()
})

test('children that wait too long, or too many of them, are let go', async () => {
  const children = warmChildren(worker('counts.ts'), { idle: 1, seconds: 0.05 })
  const ask = (key: string) => children.run<{ pid: number }>(key, 'good', { seconds: 20, megabytes: 500 })
  const gone = (pid: number) => expect.poll(() => { try { process.kill(pid, 0); return true } catch { return false } }, { timeout: 10_000 }).toBe(false)
  const [mara, jun] = [await ask('mara'), await ask('jun')]
  await gone(mara.pid)
  await gone(jun.pid)
  expect((await ask('mara')).pid).not.toBe(mara.pid)
  children.close()
})
