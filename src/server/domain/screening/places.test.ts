import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as samples from '../../../../tests/media/samples.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { editProfile } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { deskQueue } from '#server/domain/cases/index.ts'
import { createList } from '#server/domain/lists/index.ts'
import { acceptUpload, describeMedia } from '#server/domain/media/index.ts'
import { createPost, editPost, seePost } from '#server/domain/posts/index.ts'
import { changeScreening, saveRule, screenCard, setRuleState } from './index.ts'

/** A made-up word of the list that ships. */
const word = 'glorpnak'
const hidden = 'g1orp\u200Bnák'
let world: World
let mara: Account, tomas: Account
beforeAll(async () => {
  world = await openWorld()
  mara = await person(world.app, 'mara', { role: 'owner' })
  tomas = await person(world.app, 'tomas')
  await setRuleState(world.app, mara, '11', 'on')
})
afterAll(() => world?.close())
const cases = async () => (await deskQueue(world.app, mara, { limit: 80 })).items.filter((one) => one.source === 'screening').length
const post = (more: Partial<Parameters<typeof createPost>[2]>) => createPost(world.app, tomas, { text: 'ordinary words', audience: 'members', ...more })
async function picture(): Promise<string> {
  const { id } = await acceptUpload(world.app, tomas, Readable.from([await samples.photo(400, 300)]), {})
  await world.work()
  return id
}

const places: [string, () => Promise<unknown>][] = [
  ['the text of a post', () => post({ text: `so ${hidden}` })],
  ['what an edit says', async () => editPost(world.app, tomas, (await post({})).id, { text: `then ${hidden}` })],
  ['a content warning', () => post({ warning: hidden })],
  ['a tag', () => post({ text: `#${word}` })],
  ['an answer of a poll', () => post({ poll: { options: ['yes', hidden], multiple: false, hideTotals: false, seconds: 3600 } })],
  ['the description of a picture', async () => { const id = await picture(); await describeMedia(world.app, tomas, id, { description: hidden }); await post({ mediaIds: [id] }) }],
  ['a title', async () => { const id = await picture(); await describeMedia(world.app, tomas, id, { title: hidden }); await post({ mediaIds: [id] }) }],
  ['a display name', async () => editProfile(world.app, await person(world.app, 'one'), { displayName: hidden })],
  ['a field of a profile', async () => editProfile(world.app, await person(world.app, 'two'), { fields: [{ name: 'I say', value: hidden }] })],
  ['a name that somebody joins with', async () => { const { id } = await person(world.app, `${word}7`, { state: 'pending' }); await world.app.database.inTransaction((tx) => world.app.record(tx, { type: 'account.waiting', accountId: id })) }],
  ['the title of a page that a post links to', async () => {
    const { id } = await post({ text: 'see https://page.example/title' })
    const cardId = world.app.newId()
    await world.app.database.pool.query("insert into cards (id, address, state, title, created_at) values ($1, 'https://page.example/other', 'ready', $2, now())", [cardId, `All about ${hidden}`])
    await world.app.database.pool.query('delete from post_cards where post_id = $1', [id])
    await world.app.database.pool.query('insert into post_cards (post_id, card_id, at) values ($1, $2, now())', [id, cardId])
    await screenCard(world.app, cardId)
  }],
]
test.each(places)('a listed word, however it is disguised, is noticed in %s', async (_, write) => {
  const before = await cases()
  await write()
  await world.work()
  expect(await cases()).toBe(before + 1)
})

test('what is said between few people is read for words only where the owner wishes so', async () => {
  await setRuleState(world.app, mara, '11', 'off')
  await saveRule(world.app, mara, null, { name: 'Words in messages', note: '', state: 'on', why: '', definition: { subjects: ['message'], when: { all: [{ signal: 'words' }] }, outcome: 'flag', category: 'rule' } })
  const before = await cases()
  await post({ text: hidden, audience: 'mentioned' })
  expect(await cases()).toBe(before)
  await changeScreening(world.app, mara, { messageWords: true, url: '', secret: '', when: '', failing: '', seconds: '' })
  await post({ text: hidden, audience: 'mentioned' })
  expect(await cases()).toBe(before + 1)
})

test('a list that nobody else sees can’t wait for a person: its name is refused where a post would be held', async () => {
  await saveRule(world.app, mara, null, { name: 'Words in lists', note: '', state: 'on', why: '', definition: { subjects: ['list', 'post'], when: { all: [{ signal: 'words' }] }, outcome: 'hold', category: 'rule' } })
  await expect(createList(world.app, tomas, { title: hidden })).rejects.toMatchObject({ code: 'screenedWords' })
  expect((await seePost(world.app, tomas, (await post({ text: hidden })).id)).state).toBe('held')
})
