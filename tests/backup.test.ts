import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { backUp, withVault } from '../src/server/backup.ts'
import { askOpening, sealAccount, takePackage, vaultItems } from '../src/server/domain/vault/index.ts'
import { acceptUpload } from '../src/server/domain/media/index.ts'
import { createPost } from '../src/server/domain/posts/index.ts'
import { follow } from '../src/server/domain/relationships/index.ts'
import { listBackups, makeBackupKey, pruneBackups, restoreBackup, verifyBackup } from '../src/server/platform/backup/index.ts'
import type { Manifest } from '../src/server/platform/backup/index.ts'
import { keptOf } from '../src/server/platform/backup/prune.ts'
import { localFiles } from '../src/server/platform/files/index.ts'
import type { Files } from '../src/server/platform/files/index.ts'
import { photo } from './media/samples.ts'
import { person } from './people.ts'
import { openWorld } from './world.ts'
import type { World } from './world.ts'

let world: World
let folder: string
beforeAll(async () => {
  world = await openWorld()
  folder = await mkdtemp(join(tmpdir(), 'hearth-backup-'))
})
afterAll(async () => {
  await world.close()
  await rm(folder, { recursive: true, force: true })
})

const clientOf = (one: World) => new pg.Client({ ...inject('postgres'), database: one.app.database.pool.options.database })

/** Every table's rows as one hash each. */
async function contentOf(one: World): Promise<Record<string, string>> {
  const { rows } = await one.app.database.pool.query<{ name: string }>("select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname in ('public', 'graphile_worker') and c.relname not in ('rate_limits', 'processes', 'migrations') order by 1")
  const found: Record<string, string> = {}
  for (const { name } of rows) found[name] = (await one.app.database.pool.query<{ hash: string | null }>(`select count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' order by t::text)), '') as hash from ${name} t`)).rows[0]?.hash ?? ''
  return found
}

async function filesOf(files: Files): Promise<string[]> {
  const found: string[] = []
  for await (const { name, bytes } of files.entries()) found.push(`${name} ${bytes}`)
  return found.sort()
}

async function restored(place: Files, manifest: Manifest, identity: string | null): Promise<World> {
  const other = await openWorld()
  await restoreBackup({ from: place, manifest, identity, connect: () => clientOf(other), media: withVault(other.app.config, other.app.files), keysFolder: join(other.app.config.dataFolder, 'keys') })
  return other
}

async function lively(): Promise<void> {
  const [mara, ben] = await Promise.all([person(world.app, 'mara'), person(world.app, 'ben')])
  await follow(world.app, ben, mara.id)
  const media = await acceptUpload(world.app, mara, Readable.from([await photo()]), { name: 'harbour.jpg' })
  await createPost(world.app, mara, { text: 'The harbour, \\ a tab\tand a line\nbreak, and a \u2028 rare one', audience: 'public', mediaIds: [media.id] })
  await world.work()
}

test('while members write, a backup is whole: what was acknowledged before is in it, and its tables agree with each other', async () => {
  await lively()
  const place = localFiles(join(folder, 'under-load'))
  const ben = await person(world.app, 'writer')
  const before = await createPost(world.app, ben, { text: 'before it began', audience: 'public' })
  let writing = true
  const load = (async () => { for (let at = 0; writing; at++) await createPost(world.app, ben, { text: `meanwhile ${at}`, audience: 'public' }) })()
  const { manifest } = await backUp(world.app, place, null)
  writing = false
  await load
  const after = await createPost(world.app, ben, { text: 'after it ended', audience: 'public' })
  const other = await restored(place, manifest, null)
  const { rows } = await other.app.database.pool.query<{ id: string }>('select id from posts where author_id = $1', [ben.id])
  expect([rows.some((row) => row.id === before.id), rows.some((row) => row.id === after.id)]).toEqual([true, false])
  const { rows: [counted] } = await other.app.database.pool.query<{ posts_count: number }>('select posts_count from accounts where id = $1', [ben.id])
  expect(counted?.posts_count).toBe(rows.length)
  await other.close()
})

test('row by row and file by file it comes back as it was, and goes on working', async () => {
  const place = localFiles(join(folder, 'calm'))
  const { manifest, copied } = await backUp(world.app, place, null)
  expect(copied.files).toBeGreaterThan(3)
  expect(await verifyBackup(place, manifest, null)).toMatchObject({ wrong: [] })
  const other = await restored(place, manifest, null)
  expect(await contentOf(other)).toEqual(await contentOf(world))
  expect(await filesOf(other.app.files)).toEqual(await filesOf(world.app.files))
  const newcomer = await person(other.app, 'newcomer')
  await createPost(other.app, newcomer, { text: 'hello again', audience: 'public' })
  await other.work()
  await other.close()
  // The next one copies only what is new.
  world.later(2000)
  const again = await backUp(world.app, place, null)
  expect([again.copied, again.manifest.media.files]).toEqual([{ files: 0, bytes: 0 }, manifest.media.files])
})
test('what is in quarantine lies in clear in no backup: without encryption it is left out and counted, encrypted it is there', async () => {
  const shut = await acceptUpload(world.app, await person(world.app, 'grey'), Readable.from([await photo(90, 70)]), { name: 'triangle.jpg' })
  await world.work()
  await world.app.database.pool.query("update media set screening = 'sealed' where id = $1", [shut.id])
  const { rows } = await world.app.database.pool.query<{ hash: string }>("select encode(sha256, 'hex') as hash from media_files where media_id = $1", [shut.id])
  const lies = async (where: string) => { const names = (await filesOf(localFiles(join(folder, where)))).join(' '); return rows.map(({ hash }) => names.includes(hash)) }
  const all = rows.map(() => true)
  const { leftOut, manifest } = await backUp(world.app, localFiles(join(folder, 'clear')), null)
  expect([leftOut, manifest.notes?.['leftOut'], await lies('clear')]).toEqual([rows.length, String(rows.length), rows.map(() => false)])
  expect((await backUp(world.app, localFiles(join(folder, 'closed')), (await makeBackupKey()).recipient)).leftOut).toBe(0)
  expect(await lies('closed')).toEqual(all)
  // Somebody else shows the same file, and nothing is wrong with it: it belongs to everything else.
  await world.app.database.pool.query("update media set screening = 'clear', purpose = 'instance' where id = $1", [shut.id])
  expect((await backUp(world.app, localFiles(join(folder, 'shown')), null)).leftOut).toBe(0)
})

test('an encrypted one opens with its key alone, and brings the secrets that are in no table', async () => {
  const place = localFiles(join(folder, 'locked'))
  const { identity, recipient } = await makeBackupKey()
  await rm(join(world.app.config.dataFolder, 'keys'), { recursive: true, force: true })
  const { openSeal } = await import('../src/server/platform/seal/index.ts')
  const seal = await openSeal(join(world.app.config.dataFolder, 'keys', 'push'))
  const { manifest } = await backUp(world.app, place, recipient)
  for (const name of await readdir(join(folder, 'locked', 'backups', manifest.id))) if (name !== 'manifest.json') expect(name).toMatch(/\.age$/)
  await expect(restored(place, manifest, null)).rejects.toThrow('encrypted')
  await expect(restored(place, manifest, (await makeBackupKey()).identity)).rejects.toThrow()
  expect((await verifyBackup(place, manifest, null)).wrong).toEqual([])
  expect((await verifyBackup(place, manifest, identity)).wrong).toEqual([])
  const other = await restored(place, manifest, identity)
  expect(await contentOf(other)).toEqual(await contentOf(world))
  expect((await openSeal(join(other.app.config.dataFolder, 'keys', 'push'))).unseal(seal.seal('secret'))).toBe('secret')
  await other.close()
})

test('what is missing, cut off or changed is named, and a changed one is not put back', async () => {
  const root = join(folder, 'broken')
  const place = localFiles(root)
  const { manifest } = await backUp(world.app, place, null)
  const posts = manifest.tables.find((one) => one.table === 'public.posts')!
  await truncate(join(root, posts.file), posts.bytes - 3)
  expect((await verifyBackup(place, manifest, null)).wrong).toEqual([`${posts.file} was changed`])
  await expect(restored(place, manifest, null)).rejects.toThrow()
  const again = await backUp(world.app, localFiles(join(folder, 'broken-media')), null)
  const names = (await readdir(join(folder, 'broken-media', 'media', 'by-hash'), { recursive: true, withFileTypes: true })).filter((one) => one.isFile())
  await writeFile(join(names[0]!.parentPath, names[0]!.name), 'something else')
  await rm(join(names[1]!.parentPath, names[1]!.name))
  const { wrong } = await verifyBackup(localFiles(join(folder, 'broken-media')), again.manifest, null)
  expect(wrong.map((line) => line.split(' ').at(-1)).sort()).toEqual(['changed', 'missing'])
  // One that was broken off has no manifest, and is none.
  await rm(join(root, 'backups', manifest.id, 'manifest.json'))
  expect(await listBackups(place)).toEqual([])
})

test('older backups go, one of each day, week and month stays, and media goes with the last that needs it', async () => {
  const ids = ['20260101T020000Z', '20260201T020000Z', '20260301T020000Z', '20260302T020000Z', '20260302T120000Z', '20260303T020000Z']
  expect([...keptOf(ids, { daily: 2, weekly: 0, monthly: 0 })].sort()).toEqual(['20260302T120000Z', '20260303T020000Z'])
  expect([...keptOf(ids, { daily: 1, weekly: 2, monthly: 3 })].sort()).toEqual(['20260101T020000Z', '20260201T020000Z', '20260301T020000Z', '20260303T020000Z'])
  expect([...keptOf(ids, { daily: 0, weekly: 0, monthly: 0 })]).toEqual(['20260303T020000Z'])
  const root = join(folder, 'pruned')
  const place = localFiles(root)
  await backUp(world.app, place, null)
  await place.put('media/by-hash/aa/orphan', Buffer.from('left behind'))
  world.later(2 * 86_400_000)
  const { manifest } = await backUp(world.app, place, null)
  const done = await pruneBackups(place, { daily: 1, weekly: 0, monthly: 0 }, null)
  expect([done.removed.length, done.kept, done.media, done.swept]).toEqual([1, [manifest.id], 1, true])
  expect((await verifyBackup(place, manifest, null)).wrong).toEqual([])
})

test('sealed evidence is in every backup as it is sealed; where the backup is encrypted, it opens again on the new machine', async () => {
  const source = await openWorld()
  const [owner, ben] = [await person(source.app, 'olga', { role: 'owner' }), await person(source.app, 'ben')]
  await createPost(source.app, ben, { text: 'words about the Grey Triangle', audience: 'public' })
  await sealAccount(source.app, owner, ben.id, { reason: 'Order 3', category: 'terrorism' })
  await source.work()
  const name = `vault/${(await vaultItems(source.app, owner))[0]!.id}.zip.age`
  const plain = localFiles(join(folder, 'vault-plain'))
  await backUp(source.app, plain, null)
  const lying = await buffer((await plain.read(`media/${name}`))!)
  expect([lying.subarray(0, 21).toString(), lying.includes('Grey Triangle'), (await filesOf(plain)).some((file) => file.includes('vault.json'))]).toEqual(['age-encryption.org/v1', false, false])
  const pair = await makeBackupKey()
  const locked = localFiles(join(folder, 'vault-locked'))
  const { manifest } = await backUp(source.app, locked, pair.recipient)
  const other = await restored(locked, manifest, pair.identity)
  const opening = await askOpening(other.app, owner, (await vaultItems(other.app, owner))[0]!.id, 'After the fire')
  expect((await buffer((await takePackage(other.app, owner, opening)).stream)).subarray(0, 2).toString()).toBe('PK')
  await Promise.all([source.close(), other.close()])
})
