import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runInChild } from './index.ts'

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
