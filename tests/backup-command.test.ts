import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

let folder: string
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'hearth-backup-command-')) })
afterAll(() => rm(folder, { recursive: true, force: true }))

function hearth(data: string, ...words: string[]): Promise<{ code: number; out: string; error: string }> {
  const env = { ...process.env, HEARTH_DATA: join(folder, data), NODE_ENV: '', PUBLIC_URL: 'http://127.0.0.1:9', DATABASE_URL: '' }
  return new Promise((done) => execFile(process.execPath, ['bin/hearth.js', ...words], { env, timeout: 120_000 }, (error, out, said) => done({ code: error ? Number(error.code) : 0, out, error: said })))
}

test('a community is backed up, locked away, and comes back elsewhere by three commands', { timeout: 300_000 }, async () => {
  const [place, identity] = [join(folder, 'backups'), join(folder, 'key.txt')]
  expect((await hearth('town', 'account', 'create', '--username', 'mara', '--role', 'owner')).code).toBe(0)
  expect(await hearth('town', 'backup')).toMatchObject({ code: 2, error: expect.stringContaining('--to') })
  expect(await hearth('town', 'backup', '--to', place, '--recipient', 'age1nonsense')).toMatchObject({ code: 2 })
  const key = JSON.parse((await hearth('town', 'backup', 'key', '--json')).out) as { identity: string; recipient: string }
  await writeFile(identity, `# keep me elsewhere\n${key.identity}\n`)
  expect((await hearth('town', 'backup', '--to', place, '--recipient', key.recipient)).out).toMatch(/^Backup \d{8}T\d{6}Z: \d+ rows/)
  expect((await hearth('town', 'backup', 'verify', '--from', place, '--identity', identity)).out).toContain('files are whole')
  expect(await hearth('other', 'restore', '--from', place)).toMatchObject({ code: 1, error: expect.stringContaining('--identity') })
  expect(await hearth('other', 'restore', '--from', place, '--identity', identity)).toMatchObject({ code: 0, out: expect.stringContaining('is back') })
  expect((await hearth('other', 'account', 'list')).out).toContain('mara')
  expect((await hearth('other', 'verify')).out).toContain('Everything agrees.')
  // A place where people live already is left alone.
  expect(await hearth('other', 'restore', '--from', place, '--identity', identity)).toMatchObject({ code: 1, error: expect.stringContaining('community in this place already') })
  const [id] = await readdir(join(place, 'backups'))
  await rm(join(place, 'backups', id!, 'public.posts.copy.zst.age'))
  expect(await hearth('town', 'backup', 'verify', '--from', place)).toMatchObject({ code: 1, out: expect.stringContaining('public.posts.copy.zst.age is missing') })
})
