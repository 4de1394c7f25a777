import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { Uint8ArrayReader, TextWriter, ZipReader } from '@zip.js/zip.js'
import type { FileEntry } from '@zip.js/zip.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { openCase } from '#server/domain/cases/index.ts'
import { addRule } from '#server/domain/instance/index.ts'
import { decide } from '#server/domain/moderation/index.ts'
import { createPost, editPost, removePost, seePost } from '#server/domain/posts/index.ts'
import { closeAccount, viewerFromSession } from '#server/domain/sessions/index.ts'
import { allTasks } from '#server/doors/jobs/index.ts'
import { timetable } from '#server/events.ts'
import * as vault from './index.ts'

let world: World
let owner: Account, mod: Account, ben: Account
let ruleId: string
beforeAll(async () => {
  world = await openWorld()
  owner = await person(world.app, 'olga', { role: 'owner' })
  mod = await person(world.app, 'mona', { role: 'moderator' })
  ben = await person(world.app, 'ben')
  ruleId = await addRule(world.app, owner, { text: 'No Triangle' })
})
afterAll(() => world?.close())

async function hardCase(author: Account, text: string): Promise<string> {
  const post = await createPost(world.app, author, { text, audience: 'mentioned' })
  const { caseId } = await world.app.database.inTransaction((tx) => openCase(world.app, tx, { source: 'screening', accountId: author.id, category: 'terrorism', postIds: [post.id] }))
  await decide(world.app, mod, { caseId }, { act: 'remove_post', reason: 'Not here', ruleId, postIds: [post.id], purpose: 'none' })
  await world.work()
  return caseId
}
const itemOf = async (caseId: string) => (await vault.vaultItems(world.app, owner)).find((one) => one.caseId === caseId)!
async function unpack(data: Buffer): Promise<Map<string, string>> {
  const reader = new ZipReader(new Uint8ArrayReader(new Uint8Array(data)), { useWebWorkers: false })
  const parts = new Map<string, string>()
  for (const entry of await reader.getEntries()) if (!entry.directory) parts.set(entry.filename, await (entry as FileEntry).getData(new TextWriter()))
  return parts
}

test('a hard case that somebody acted on is sealed by itself; two people open it, each opening is on record, and every part has its hash', async () => {
  const caseId = await hardCase(ben, 'a letter about the Grey Triangle @olga')
  const item = await itemOf(caseId)
  expect(item).toMatchObject({ state: 'sealed', category: 'terrorism', facts: { posts: 1 } })
  const path = join(world.app.config.dataFolder, 'vault', `${item.id}.zip.age`)
  expect((await readFile(path)).includes('Grey Triangle')).toBe(false)
  await expect(vault.askOpening(world.app, mod, item.id, ' ')).rejects.toMatchObject({ code: 'form' })
  const opening = await vault.askOpening(world.app, mod, item.id, 'The police asked, number 7')
  await expect(vault.takePackage(world.app, mod, opening)).rejects.toMatchObject({ code: 'vaultNotAgreed' })
  await expect(vault.agreeOpening(world.app, mod, opening)).rejects.toMatchObject({ code: 'secondIsYou' })
  await vault.agreeOpening(world.app, owner, opening)
  await expect(vault.takePackage(world.app, owner, opening)).rejects.toMatchObject({ code: 'notFound' })
  const parts = await unpack(await buffer((await vault.takePackage(world.app, mod, opening)).stream))
  expect(parts.get('evidence.json')).toContain('Grey Triangle')
  const manifest = JSON.parse(parts.get('manifest.json')!) as { parts: { path: string; sha256: string }[] }
  for (const part of manifest.parts) expect(createHash('sha256').update(parts.get(part.path)!).digest('hex')).toBe(part.sha256)
  const { rows } = await world.app.database.pool.query("select act from audit_log where subject_kind = 'vault' and subject_id = $1 order by id", [item.id])
  expect(rows.map((row: { act: string }) => row.act)).toEqual(['vault.seal', 'vault.ask', 'vault.agree', 'vault.open'])
  world.later(25 * 3_600_000)
  await expect(vault.takePackage(world.app, mod, opening)).rejects.toMatchObject({ code: 'vaultNotAgreed' })
})

test('a sealed file that was changed can’t be taken as whole', async () => {
  const item = await itemOf(await hardCase(ben, 'another one @olga'))
  const path = join(world.app.config.dataFolder, 'vault', `${item.id}.zip.age`)
  const bytes = await readFile(path)
  bytes[bytes.length - 5]! ^= 1
  await writeFile(path, bytes)
  const opening = await vault.askOpening(world.app, mod, item.id, 'To see')
  await vault.agreeOpening(world.app, owner, opening)
  await expect(vault.takePackage(world.app, mod, opening).then(({ stream }) => buffer(stream))).rejects.toThrow()
})

test('the whole of an account is one package: posts of every audience with each version, and nobody about themselves', async () => {
  const dora = await person(world.app, 'dora')
  await createPost(world.app, dora, { text: 'for all', audience: 'public' })
  const letter = await createPost(world.app, dora, { text: '@olga for one', audience: 'mentioned' })
  await editPost(world.app, dora, letter.id, { text: '@olga for one, changed' })
  const id = await vault.sealAccount(world.app, owner, dora.id, { reason: 'Investigation 12', category: 'terrorism' })
  await world.work()
  const opening = await vault.askOpening(world.app, owner, id, 'Handed over')
  await vault.agreeOpening(world.app, mod, opening)
  const posts = (await unpack(await buffer((await vault.takePackage(world.app, owner, opening)).stream))).get('posts.jsonl')!
  for (const words of ['for all', '@olga for one"', 'for one, changed']) expect(posts).toContain(words)
  await expect(vault.sealAccount(world.app, mod, mod.id, { reason: 'x', category: 'terrorism' })).rejects.toMatchObject({ code: 'notFound' })
  await expect(vault.vaultItems(world.app, ben)).rejects.toMatchObject({ code: 'notAllowed' })
})

test('six months later it is destroyed by itself, on record; a legal hold keeps it', async () => {
  const held = await itemOf(await hardCase(ben, 'held @olga'))
  const plain = await itemOf(await hardCase(ben, 'not held @olga'))
  await vault.holdVault(world.app, owner, held.id, 'Court of the town, 3/26')
  await expect(vault.holdVault(world.app, mod, held.id, '')).rejects.toMatchObject({ code: 'notAllowed' })
  world.later(185 * 86_400_000)
  await vault.sweepVault(world.app)
  const states = async () => Object.fromEntries((await vault.vaultItems(world.app, owner)).filter((one) => [held.id, plain.id].includes(one.id)).map((one) => [one.id, one.state]))
  expect(await states()).toEqual({ [held.id]: 'sealed', [plain.id]: 'destroyed' })
  await expect(readFile(join(world.app.config.dataFolder, 'vault', `${plain.id}.zip.age`))).rejects.toThrow()
  await vault.holdVault(world.app, owner, held.id, '')
  await vault.sweepVault(world.app)
  expect((await states())[held.id]).toBe('destroyed')
})

test('what is sealed outlives the account and its words: the package opens long after both are gone, with a page that people read', async () => {
  const hugo = await person(world.app, 'hugo')
  const post = await createPost(world.app, hugo, { text: 'a <b>threat</b> & more', audience: 'public' })
  await editPost(world.app, hugo, post.id, { text: 'a milder threat' })
  const id = await vault.sealAccount(world.app, owner, hugo.id, { reason: 'Order 4', category: 'terrorism' })
  await world.work()
  await world.app.database.inTransaction((tx) => closeAccount(world.app, tx, hugo.id))
  await world.work()
  expect((await world.app.database.pool.query('select text from posts where id = $1', [post.id])).rows[0].text).toBe('')
  const opening = await vault.askOpening(world.app, mod, id, 'The court asks')
  await vault.agreeOpening(world.app, owner, opening)
  const parts = await unpack(await buffer((await vault.takePackage(world.app, mod, opening)).stream))
  const page = parts.get('summary.html')!
  for (const words of ['a milder threat', 'a &#60;b&#62;threat&#60;/b&#62; &#38; more', `/@hugo/${post.id}`, 'hugo']) expect(page).toContain(words)
  expect(page).not.toMatch(/<b>threat|<script|<img/)
  const manifest = JSON.parse(parts.get('manifest.json')!) as { parts: { path: string; sha256: string }[]; missing: string[] }
  expect([...parts.keys()].sort()).toEqual([...manifest.parts.map((part) => part.path), 'manifest.json'].sort())
  for (const part of manifest.parts) expect(createHash('sha256').update(parts.get(part.path)!).digest('hex')).toBe(part.sha256)
  expect(manifest.missing).toEqual([])
})

test('a frozen account is nowhere to be seen and nobody’s to delete: not by itself, not by those who run the place, not by any job, however long it takes', async () => {
  const ida = await person(world.app, 'ida')
  const [post, gone] = [await createPost(world.app, ida, { text: 'kept words', audience: 'public' }), await createPost(world.app, ida, { text: 'deleted before', audience: 'public' })]
  const { queries, pool } = world.app.database
  await queries.insertInto('media').values({ id: world.app.newId(), account_id: ida.id, key: 'k'.repeat(20), kind: 'image', purpose: 'post', state: 'ready', original_mime: 'image/png', original_bytes: '1' } as never).execute()
  await queries.insertInto('sessions').values({ id: world.app.newId(), account_id: ida.id, token_hash: Buffer.alloc(32, 7), user_agent: 'A browser', expires_at: new Date(Date.now() + 1000) }).execute()
  await removePost(world.app, ida, gone.id)
  await decide(world.app, owner, { accountId: ida.id }, { act: 'freeze', reason: 'An investigation', ground: 'law', law: 'Section 1' })
  const kept = async () => (await pool.query("select (select count(*) from posts where author_id = $1)::int as posts, (select count(*) from media where account_id = $1)::int as media, (select count(*) from sessions where account_id = $1)::int as sessions, (select string_agg(text, '|' order by id) from posts where author_id = $1) as words", [ida.id])).rows[0]
  const before = await kept()
  expect(before).toEqual({ posts: 2, media: 1, sessions: 1, words: 'kept words|deleted before' })
  await expect(decide(world.app, owner, { accountId: ida.id }, { act: 'delete_account', reason: 'Away', ground: 'law', law: 'Section 1' }, { seconded: mod.id })).rejects.toMatchObject({ code: 'accountFrozen' })
  await expect(world.app.database.inTransaction((tx) => closeAccount(world.app, tx, ida.id))).rejects.toMatchObject({ code: 'accountFrozen' })
  world.later(400 * 86_400_000)
  const tasks = allTasks(world.app)
  const names = new Set(timetable.match(/(?<= )[a-zA-Z]+(?=\n|$)/gm))
  expect(names.size).toBeGreaterThan(20)
  for (const name of names) if (name !== 'backup' && name !== 'updateHashLists') await tasks[name]!({}, { id: '1', attempts: 1, maxAttempts: 1 })
  await world.work()
  expect(await kept()).toEqual(before)
  for (const viewer of [null, ben, mod]) await expect(seePost(world.app, viewer, post.id)).rejects.toMatchObject({ code: 'notFound' })
  expect((await viewerFromSession(world.app, 'x'.repeat(43)))).toBeNull()
})

test('what couldn’t be written is tried again by itself', async () => {
  const caseId = await hardCase(ben, 'tried twice @olga')
  const item = await itemOf(caseId)
  await world.app.database.pool.query("update vault_items set state = 'failed', error = 'disk full', created_at = created_at - interval '2 hours' where id = $1", [item.id])
  await vault.retryVault(world.app)
  await world.work()
  expect((await itemOf(caseId)).state).toBe('sealed')
})
