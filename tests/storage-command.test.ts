import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBucket } from './bucket.ts'
import type { Bucket } from './bucket.ts'

let data: string
let bucket: Bucket
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'hearth-storage-'))
  bucket = await openBucket()
})
afterAll(async () => {
  await bucket.close()
  await rm(data, { recursive: true, force: true })
})

function hearth(environment: Record<string, string>, ...words: string[]): Promise<{ code: number; out: string; error: string }> {
  const env = { ...process.env, HEARTH_DATA: data, NODE_ENV: '', PUBLIC_URL: 'http://127.0.0.1:9', DATABASE_URL: '', ...environment }
  return new Promise((done) => execFile(process.execPath, ['bin/hearth.js', ...words], { env, timeout: 90_000 }, (error, out, said) => done({ code: error ? Number(error.code) : 0, out, error: said })))
}

test('the doctor tries the bucket, and media moves there and back by one command', { timeout: 180_000 }, async () => {
  expect((await hearth({}, 'media', 'move', '--to', 'moon')).code).toBe(2)
  expect(await hearth({}, 'media', 'move', '--to', 's3')).toMatchObject({ code: 1, error: expect.stringContaining('S3_BUCKET') })
  expect((await hearth(bucket.environment, 'doctor')).out).toMatch(/✓ bucket .*hearth at 127\.0\.0\.1:\d+ takes files and gives them back/)
  expect((await hearth({ ...bucket.environment, S3_BUCKET: 'missing' }, 'doctor')).out).toMatch(/✗ bucket .*missing[\s\S]*S3_ENDPOINT/)
  expect(await hearth(bucket.environment, 'media', 'move', '--to', 's3')).toMatchObject({ code: 0, out: '0 files (0 bytes) moved. New media goes to the bucket.\n' })
  expect(JSON.parse((await hearth(bucket.environment, 'media', 'move', '--to', 'disk', '--json')).out)).toEqual({ files: 0, bytes: 0, before: 0, broken: [] })
  expect((await hearth(bucket.environment, 'verify', '--deep')).out).toContain('Everything agrees.')
  expect((await hearth({}, 'media', 'new-key')).out).toContain('end within seconds')
})
