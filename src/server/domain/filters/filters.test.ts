import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import type { Signal } from '#server/platform/bus/index.ts'
import * as filters from './index.ts'

let world: World
let mara: Account
let jun: Account
beforeAll(async () => {
  world = await openWorld()
  mara = await person(world.app, 'mara')
  jun = await person(world.app, 'jun')
})
afterAll(() => world.close())
const found = async (text: string, postIds: string[] = []) => (await filters.matcherOf(world.app, mara.id))(text, postIds).map((one) => [one.title, ...one.keywordMatches, ...one.statusMatches])

test('words match whole words, without accents, in Arabic too, until the filter is over', async () => {
  await filters.createFilter(world.app, mara, { title: 'Pets', contexts: ['home'], keywords: [{ keyword: 'cat' }, { keyword: 'أسرة' }] })
  await filters.createFilter(world.app, mara, { title: 'Votes', contexts: ['public', 'home'], action: 'hide', seconds: 60, keywords: [{ keyword: '選挙', wholeWord: false }, { keyword: 'Élection' }] })
  expect(await found('a CAT!')).toEqual([['Pets', 'cat']])
  expect(await found('concatenate')).toEqual([])
  expect(await found('هذه اُسره صغيرة')).toEqual([['Pets', 'أسرة']])
  expect(await found('明日の選挙は an ELECTION with a cat')).toEqual([['Pets', 'cat'], ['Votes', '選挙', 'Élection']])
  world.later(61_000)
  expect(await found('明日の選挙は')).toEqual([])
  // It stays on the list, to be renewed.
  expect((await filters.filtersOf(world.app, mara)).map((one) => one.title)).toEqual(['Pets', 'Votes'])
})

test('a keyword may have any signs in it: none of them is a pattern', async () => {
  await filters.createFilter(world.app, jun, { title: 'Signs', contexts: ['home'], keywords: ['e-mail', 'a.c', '(1/2)', '[x]', 'C++', '\\d', '^$', '-1', '🎉', '#tag', 'x{2}', 'a|b', '?'].map((keyword) => ({ keyword })) })
  const match = await filters.matcherOf(world.app, jun.id)
  const words = (text: string) => match(text, []).flatMap((one) => one.keywordMatches)
  expect(words('send an E-Mail, or (1/2) a [x] in C++')).toEqual(['e-mail', '(1/2)', '[x]', 'C++'])
  expect(words('abc xx a b 7')).toEqual([])
  expect(words('\\d ^$ -1 🎉 #tag x{2} a|b ?')).toEqual(['\\d', '^$', '-1', '🎉', '#tag', 'x{2}', 'a|b', '?'])
})

test('a filter is changed part by part, all or nothing, and open apps hear of it', async () => {
  const heard: Signal[] = []
  const end = world.app.bus.subscribe((signal) => { heard.push(signal) })
  const made = await filters.createFilter(world.app, mara, { title: 'Work', contexts: ['home'], keywords: [{ keyword: 'meeting' }, { keyword: 'report' }] })
  const [meeting, report] = made.keywords
  const next = await filters.changeFilter(world.app, mara, made.id, { title: 'Office', action: 'blur', keywords: [{ id: meeting!.id, keyword: 'meetings', wholeWord: false }, { id: report!.id, remove: true }, { keyword: 'budget' }] })
  expect(next).toMatchObject({ title: 'Office', action: 'blur', contexts: ['home'], keywords: [{ id: meeting!.id, keyword: 'meetings', wholeWord: false }, { keyword: 'budget', wholeWord: true }] })
  expect(await found('two meetingsss and a report')).toEqual([['Office', 'meetings']])
  const other = await filters.createFilter(world.app, jun, { title: 'Mine', contexts: ['thread'] })
  const word = await filters.addKeyword(world.app, jun, other.id, { keyword: 'x' })
  await expect(filters.changeFilter(world.app, mara, made.id, { title: 'Taken', keywords: [{ id: word.id, keyword: 'y' }] })).rejects.toMatchObject({ code: 'notFound' })
  expect((await filters.seeFilter(world.app, mara, made.id)).title).toBe('Office')
  expect(await filters.changeKeyword(world.app, jun, word.id, { wholeWord: false })).toEqual({ id: word.id, keyword: 'x', wholeWord: false })
  await filters.removeKeyword(world.app, jun, word.id)
  await filters.removeFilter(world.app, mara, made.id)
  expect(await found('budget')).toEqual([])
  await expect.poll(() => heard.filter((signal) => signal.type === 'filters.changed' && signal.accountId === mara.id).length).toBe(3)
  end()
})

test('a filter of somebody else is nobody’s, and bad ones are refused by field', async () => {
  const made = await filters.createFilter(world.app, jun, { title: 'Jun’s', contexts: ['home'] })
  for (const attempt of [() => filters.seeFilter(world.app, mara, made.id), () => filters.removeFilter(world.app, mara, made.id), () => filters.addKeyword(world.app, mara, made.id, { keyword: 'a' }), () => filters.addFilteredPost(world.app, mara, made.id, '1'), () => filters.removeFilteredPost(world.app, mara, '12'), () => filters.seeFilter(world.app, mara, 'x')]) await expect(attempt()).rejects.toMatchObject({ code: 'notFound' })
  const fields = async (draft: Parameters<typeof filters.createFilter>[2]) => filters.createFilter(world.app, mara, draft).then(() => [], (error: { problems: { field: string }[] }) => error.problems.map((one) => one.field))
  expect(await fields({ title: ' ', contexts: [], action: 'burn' })).toEqual(['title', 'contexts', 'action'])
  expect(await fields({ title: 'x', contexts: ['home', 'moon'] })).toEqual(['contexts'])
  expect(await fields({ title: 'x', contexts: ['home'], keywords: [{ keyword: ' \u0000 ' }] })).toEqual(['keyword'])
})

test('what was hidden before goes on as a filter', async () => {
  const { queries, pool } = world.app.database
  await queries.insertInto('hidden_phrases').values({ id: '77', account_id: jun.id, phrase: 'rain', action: 'warn', whole_word: false }).execute()
  const migration = await readFile('migrations/0021-client-rooms.sql', 'utf8')
  for (const statement of migration.match(/^insert into filter[\s\S]*?;$/gm) ?? []) await pool.query(statement)
  expect((await filters.filtersOf(world.app, jun)).find((one) => one.id === '77')).toMatchObject({ title: 'rain', action: 'warn', contexts: ['home', 'public', 'thread', 'account'], keywords: [{ keyword: 'rain', wholeWord: false }] })
})
