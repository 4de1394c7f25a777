import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFile, mkdir, mkdtemp, readdir, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { backUp } from '../../src/server/backup.ts'
import { listBackups } from '../../src/server/platform/backup/index.ts'
import { localFiles } from '../../src/server/platform/files/index.ts'
import { inOurWords } from '../../src/server/platform/db/trouble.ts'
import { verifyCommunity } from '../../src/server/verify/index.ts'
import { openHouse } from './house.ts'
import type { House } from './house.ts'

const mounted = await mount()
if (!mounted) console.warn('NOT TESTED: what happens when the disk is full. This machine lets nobody mount a small disk (that takes root).')
const reserve = 40
let house: House
let mara: { id: string; token: string; cookie: string }
beforeAll(async () => {
  if (!mounted) return
  house = await openHouse({ HEARTH_DISK_RESERVE: String(reserve) }, join(mounted, 'data'))
  mara = await house.member('mara')
})
afterAll(async () => {
  if (!mounted) return
  await house.close()
  execFileSync('umount', ['-l', mounted])
  await rm(mounted, { recursive: true, force: true })
})

async function mount(): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=420m', 'tmpfs', folder], { stdio: 'ignore' })
    return folder
  } catch {
    await rm(folder, { recursive: true, force: true })
    return undefined
  }
}
const free = async () => { const { bavail, bsize } = await statfs(mounted!); return bavail * bsize / 2 ** 20 }
/** Fills the disk until so many megabytes are left. */
async function leave(megabytes: number): Promise<void> {
  const stone = join(mounted!, `stone-${randomBytes(4).toString('hex')}`)
  const piece = Buffer.alloc(2 ** 20)
  while (await free() > megabytes) {
    try { await appendFile(stone, piece) } catch (error) { if ((error as { code?: string }).code === 'ENOSPC') return; throw error }
  }
}
const clear = async () => { for (const name of await readdir(mounted!)) if (name.startsWith('stone')) await rm(join(mounted!, name)) }

const ask = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => fetch(house.url + path, {
  method, headers: { authorization: `Bearer ${mara.token}`, ...body instanceof FormData ? {} : { 'content-type': 'application/json' }, ...headers }, body: body === undefined ? undefined : body instanceof FormData ? body : JSON.stringify(body),
})
const write = (status: string) => ask('POST', '/api/v1/statuses', { status, visibility: 'public' })
async function upload(): Promise<Response> {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(await sharp(randomBytes(300 * 200 * 3), { raw: { width: 300, height: 200, channels: 3 } }).png().toBuffer())]), 'noise.png')
  return ask('POST', '/api/v2/media', form)
}

test.skipIf(!mounted)('when little room is left, writing says so before the database meets the end of the disk; reading and deleting go on', async () => {
  const { id } = await (await write('before')).json() as { id: string }
  const { id: other } = await (await write('to be deleted')).json() as { id: string }
  expect((await upload()).status).toBeLessThan(300)
  await leave(reserve - 5)
  await expect.poll(() => house.app.room.low(), { timeout: 10_000 }).toBe(true)

  const refused = await write('too late')
  expect([refused.status, await refused.json()]).toMatchObject([507, { error: expect.stringContaining('no room left') }])
  expect(refused.headers.get('retry-after')).toBe('60')
  expect((await upload()).status).toBe(507)
  const begun = await fetch(`${house.url}/media/uploads/resumable`, { method: 'POST', headers: { authorization: `Bearer ${mara.token}`, 'tus-resumable': '1.0.0', 'upload-length': '100000', 'upload-metadata': `filetype ${btoa('image/png')}` } })
  expect([begun.status, await begun.json()]).toMatchObject([507, { error: 'diskFull', message: expect.stringContaining('no room left') }])
  // The composer keeps its words: with a script it reads a refusal, without one it is told to go back.
  const form = { cookie: mara.cookie, origin: house.url }
  const scripted = await fetch(`${house.url}/compose`, { method: 'POST', headers: { ...form, accept: 'application/json', 'x-sveltekit-action': 'true' }, body: new URLSearchParams({ text: 'half a poem' }) })
  expect([scripted.status, await scripted.json()]).toMatchObject([507, { type: 'failure', data: expect.stringContaining('diskFull') }])
  const plain = await fetch(`${house.url}/compose`, { method: 'POST', headers: { ...form, accept: 'text/html', 'accept-language': 'ar' }, body: new URLSearchParams({ text: 'half a poem' }) })
  expect([plain.status, await plain.text()]).toEqual([507, expect.stringMatching(/dir="rtl"[\s\S]*لم تبقَ مساحة/)])

  expect((await ask('GET', `/api/v1/statuses/${id}`)).status).toBe(200)
  expect((await ask('GET', '/api/v1/timelines/home')).status).toBe(200)
  expect((await fetch(`${house.url}/`, { headers: { cookie: mara.cookie, accept: 'text/html' } })).status).toBe(200)
  expect((await fetch(`${house.url}/health/ready`)).status).toBe(200)
  expect((await ask('DELETE', `/api/v1/statuses/${other}`)).status).toBe(200)
  await clear()
  await expect.poll(async () => (await write('after')).status, { timeout: 20_000, interval: 200 }).toBe(200)
  expect((await upload()).status).toBeLessThan(300)
}, 120_000)

test.skipIf(!mounted)('when others fill the disk to its last byte, nothing acknowledged is lost or half, and all goes on once there is room', async () => {
  const kept = await (await write('kept')).json() as { id: string }
  await house.app.database.pool.query('create table stones (name text, body bytea)')
  await leave(0)
  // Behind the door, so that PostgreSQL itself meets the end.
  const said = new Set<string>()
  const made: string[] = []
  for (let at = 0; at < 3000 && said.size === 0; at++) {
    const name = `row-${at}`
    await house.app.database.pool.query("insert into stones (name, body) values ($1, $2)", [name, randomBytes(60_000)]).then(() => made.push(name), (error: unknown) => said.add((inOurWords(error) as { code?: string }).code ?? String(error)))
  }
  expect([...said].every((code) => code === 'diskFull' || code === 'databaseAway'), [...said].join()).toBe(true)
  // A backup that can't be whole doesn't look like one.
  const target = localFiles(join(mounted!, 'backups'))
  await mkdir(join(mounted!, 'backups'), { recursive: true }).catch(() => {})
  await expect(backUp(house.app, target, null)).rejects.toThrow()
  expect(await listBackups(target)).toEqual([])
  expect((await fetch(`${house.url}/health/live`)).status).toBe(200)

  await clear()
  await expect.poll(async () => (await write('and on')).status, { timeout: 60_000, interval: 200 }).toBe(200)
  expect((await ask('GET', `/api/v1/statuses/${kept.id}`)).status).toBe(200)
  const { rows } = await house.app.database.pool.query<{ name: string }>('select name from stones')
  const found = new Set(rows.map(({ name }) => name))
  expect(made.filter((name) => !found.has(name))).toEqual([])
  await house.app.database.pool.query('drop table stones')
  expect((await verifyCommunity(house.app, undefined, true)).differences).toEqual([])
}, 180_000)
