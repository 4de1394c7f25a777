import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { filtersOf } from '#server/domain/filters/index.ts'
import { listMembers, listsOf } from '#server/domain/lists/index.ts'
import { createPost } from '#server/domain/posts/index.ts'
import { blockedAccounts, following, mutedAccounts, relationshipViews } from '#server/domain/relationships/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import * as imports from './index.ts'
import type { ImportKind } from './index.ts'

let world: World
let mara: Account, jun: Account, lina: Account
let host: string
beforeAll(async () => {
  world = await openWorld()
  ;[mara, jun, lina] = [await person(world.app, 'mara'), await person(world.app, 'jun'), await person(world.app, 'lina')]
  host = new URL(world.app.config.publicUrl).host
})
afterAll(() => world.close())

async function* bytes(...parts: (string | Uint8Array)[]) { for (const part of parts) yield Buffer.from(part) }
const bring = async (kind: ImportKind, text: string, who = mara) => { const id = await imports.beginImport(world.app, who, kind, bytes(text)); await world.work(); return (await imports.importsOf(world.app, who)).find((one) => one.id === id)! }
const taken = async (kind: ImportKind, who = mara) => { let text = ''; for await (const line of imports.exportLines(world.app, who, kind)) text += line; return text }
const names = (page: { items: { username: string }[] }) => page.items.map((one) => one.username).sort()

test('mara brings along whom she followed, as Mastodon wrote it, and hears whom nobody knows here', async () => {
  const done = await bring('following', `Account address,Show boosts,Notify on new posts,Languages\njun@${host},false,true,"en, ar"\r\nlina,true,false,\nnobody@${host},true,false,\njun@elsewhere.example,true,false,\nmara,true,false,\n`)
  expect(done).toMatchObject({ rows: 5, done: 5, found: 2, finishedAt: expect.any(String), missedCount: 3, missed: [{ line: `nobody@${host}, true, false, `, why: 'importNobody' }, { why: 'importElsewhere' }, { line: 'mara, true, false, ', why: 'followSelf' }] })
  expect(names(await following(world.app, mara, mara.id))).toEqual(['jun', 'lina'])
  expect((await relationshipViews(world.app, mara, [jun.id])).get(jun.id)).toMatchObject({ showBoosts: false, notify: true, languages: ['en', 'ar'] })
})

test('everything goes out as it came in, and comes in again elsewhere', async () => {
  const post = await createPost(world.app, jun, { text: 'worth keeping', audience: 'members' })
  await bring('lists', `Choir,jun@${host}\nChoir,lina@${host}\n"Boats, small",lina@${host}\n`)
  await bring('bookmarks', `${world.app.config.publicUrl}/@jun/${post.id}\nhttps://elsewhere.example/@jun/1\n`)
  await bring('filters', 'Title,Keywords,Whole word,Contexts,Action,Seconds\nFootball,goal|#match,true,home public,hide,\n')
  expect(await taken('following')).toBe(`Account address,Show boosts,Notify on new posts,Languages\r\njun@${host},false,true,"en, ar"\r\nlina@${host},true,false,\r\n`)
  expect(await taken('lists')).toBe(`Choir,jun@${host}\r\nChoir,lina@${host}\r\n"Boats, small",lina@${host}\r\n`)
  expect(await taken('bookmarks')).toBe(`${world.app.config.publicUrl}/@jun/${post.id}\r\n`)
  const other = await person(world.app, 'other')
  for (const kind of imports.importKinds) { const text = await taken(kind); if (text.split('\r\n').length > 2 || kind === 'bookmarks') await bring(kind, text, other) }
  for (const kind of imports.importKinds) expect(await taken(kind, other)).toBe(await taken(kind))
  expect((await listsOf(world.app, other)).map((one) => one.title)).toEqual(['Choir', 'Boats, small'])
  expect((await listMembers(world.app, other, (await listsOf(world.app, other))[0]!.id)).items).toHaveLength(2)
  expect(await filtersOf(world.app, other)).toMatchObject([{ title: 'Football', action: 'hide', contexts: ['home', 'public'], keywords: [{ keyword: 'goal' }, { keyword: '#match' }] }])
  await bring('muted', `Account address,Hide notifications\njun@${host},false\n`)
  await bring('blocked', `lina@${host}\n`)
  expect([names(await mutedAccounts(world.app, mara)), names(await blockedAccounts(world.app, mara))]).toEqual([['jun'], ['lina']])
  expect(await taken('muted')).toBe(`Account address,Hide notifications\r\njun@${host},false\r\n`)
})

test('what is packed, huge, endless or no text is refused before it is read through; nobody is kept busy', async () => {
  const refused = (...parts: (string | Uint8Array)[]) => imports.beginImport(world.app, mara, 'following', bytes(...parts)).then(() => null, (error: { code: string; problems: { message: string }[] }) => error.problems[0]?.message ?? error.code)
  expect(await refused(gzipSync(Buffer.alloc(50_000_000, 'jun\n')))).toBe('error.importPacked')
  expect(await refused('PK\x03\x04 and so on')).toBe('error.importPacked')
  let asked = 0
  async function* endless() { for (;;) { asked++; yield Buffer.from('somebody\n'.repeat(1000)) } }
  await expect(imports.beginImport(world.app, mara, 'blocked', endless())).rejects.toMatchObject({ kind: 'invalid' })
  expect(asked).toBeLessThan(40)
  expect(await refused(...Array.from({ length: 20 }, () => `${'x'.repeat(1999)}\n`.repeat(40)))).toBe('importTooLarge')
  expect(await refused('x'.repeat(5000))).toBe('error.importLine')
  expect(await refused(Buffer.from([0xff, 0xfe, 0x00]))).toBe('error.importNoText')
  expect(await refused('a\0b')).toBe('error.importNoText')
  expect(await refused('Account address,Show boosts\n\n')).toBe('error.importEmpty')
  await expect(imports.beginImport(world.app, mara, 'cookies', bytes('x'))).rejects.toMatchObject({ problems: [{ field: 'kind' }] })
  const fresh = await person(world.app, 'fresh')
  await sql`update accounts set came_by = 'open' where id = ${fresh.id}`.execute(world.app.database.queries)
  await expect(imports.beginImport(world.app, fresh, 'following', bytes('jun'))).rejects.toMatchObject({ code: 'newBulk', status: 422 })
})

test('a long list goes on by itself in parts, with progress', async () => {
  const id = await imports.beginImport(world.app, jun, 'bookmarks', bytes(...Array.from({ length: 200 }, (_, at) => `https://elsewhere.example/@x/${at}\n`)))
  await imports.runImport(world.app, id)
  expect((await imports.importsOf(world.app, jun))[0]).toMatchObject({ id, rows: 200, done: 80, finishedAt: null })
  await world.work()
  expect((await imports.importsOf(world.app, jun))[0]).toMatchObject({ done: 200, found: 0, missedCount: 200, finishedAt: expect.any(String) })
  expect(await imports.importsOf(world.app, lina)).toEqual([])
  world.later(31 * 86_400_000)
  await imports.forgetOldImports(world.app)
  expect(await imports.importsOf(world.app, jun)).toEqual([])
})
