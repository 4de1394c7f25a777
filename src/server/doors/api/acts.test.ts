import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApi } from '../../../../tests/api/door.ts'
import type { Api, Client } from '../../../../tests/api/door.ts'
import * as samples from '../../../../tests/media/samples.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { editPreferences, findAccount } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { appealDecision, decideAppeal } from '#server/domain/appeals/index.ts'
import { deskQueue } from '#server/domain/cases/index.ts'
import { addRule, changeSettings, verifyAudit } from '#server/domain/instance/index.ts'
import { acceptUpload, whoMayFetch } from '#server/domain/media/index.ts'
import { answerProposal, decide, decideOrPropose, decisionsAboutMe, dsaStatement, isGentle, makeReport, reversible, undoDecision, acts as everyAct } from '#server/domain/moderation/index.ts'
import type { Act } from '#server/domain/moderation/index.ts'
import { boostPost, createPost, editPost, maySeePost, removePost, seePost } from '#server/domain/posts/index.ts'
import { communityTimeline } from '#server/domain/timelines/index.ts'

let world: World
let api: Api
let owner: Account, mod: Account, admin: Account, amal: Account, ben: Account
let ruleId: string
beforeAll(async () => {
  world = await openWorld()
  api = await openApi(world)
  const { app } = world
  owner = await person(app, 'olga', { role: 'owner' })
  admin = await person(app, 'adam', { role: 'admin' })
  mod = await person(app, 'mona', { role: 'moderator' })
  amal = await person(app, 'amal')
  ben = await person(app, 'ben')
  ruleId = await addRule(app, owner, { text: 'Be kind' })
  await changeSettings(app, owner, { readMode: 'everyone' })
})
afterAll(async () => { await api?.close(); await world?.close() })
const because = () => ({ reason: 'This is why.', ruleId })
const on = (postId: string, act: Act, more: object = {}) => decide(world.app, mod, { accountId: amal.id, postId }, { act, ...because(), ...more })
const write = (text: string, more: object = {}) => createPost(world.app, amal, { text, audience: 'public', ...more })
async function withPicture(text: string) {
  const { id } = await acceptUpload(world.app, amal, Readable.from([await samples.photo(640, 480)]), {})
  for (let round = 0; round < 5; round++) await world.work()
  return write(text, { mediaIds: [id] })
}
type Seen = { content: string; spoiler_text: string; sensitive: boolean; media_attachments: { id: string; url: string }[] }
const clients = new Map<string, Client>()
async function appOf(reader: Account | null): Promise<Client> {
  if (!reader) return api.visitor
  const known = clients.get(reader.id) ?? await api.as(reader)
  clients.set(reader.id, known)
  return known
}
/** Does anybody get the file at this address? */
async function loads(address: string): Promise<boolean> {
  const [, key = '', file = ''] = /\/media\/files\/([^/]+)\/([^/]+)$/.exec(address) ?? []
  const found = await Promise.all([null, ben, amal].map((viewer) => whoMayFetch(world.app, { key, file }, async () => viewer, maySeePost)))
  return found.some((one) => one !== undefined)
}
const answer = async (reader: Account, status: string, in_reply_to_id: string) => (await (await appOf(reader))({ path: '/api/v1/statuses', json: { status, in_reply_to_id } })).status
/** The post as this reader's app gets it, or null. */
async function inApp(id: string, reader: Account | null): Promise<Seen | null> {
  const answer = await (await appOf(reader))(`/api/v1/statuses/${id}`)
  return answer.status === 200 ? answer.body as unknown as Seen : null
}
/** Objects, somebody else agrees: what comes back? */
async function overturn(decisionId: string): Promise<void> {
  await appealDecision(world.app, amal, decisionId as never, 'I see it differently')
  const found = (await deskQueue(world.app, admin, { kind: 'appeal' })).items[0]!
  await decideAppeal(world.app, admin, found.id, { outcome: 'overturned', words: 'You are right.' })
}

test('a label stands above the post for everybody, and its author can’t edit it away', async () => {
  const post = await write('the earth is a disc')
  const id = await on(post.id, 'label', { label: 'Disputed' })
  await editPost(world.app, amal, post.id, { text: 'the earth is a disc!', warning: '' })
  expect((await seePost(world.app, null, post.id)).label).toBe('Disputed')
  expect(await inApp(post.id, ben)).toMatchObject({ spoiler_text: 'Disputed' })
  await overturn(id)
  expect(await inApp(post.id, ben)).toMatchObject({ spoiler_text: '', content: expect.stringContaining('disc!') })
})

test('what moderators cover stays covered when its author says otherwise', async () => {
  const post = await write('a view', { sensitive: false })
  const id = await on(post.id, 'mark_sensitive')
  await editPost(world.app, amal, post.id, { text: 'a nice view', sensitive: false })
  expect(await inApp(post.id, null)).toMatchObject({ sensitive: true })
  await overturn(id)
  expect(await inApp(post.id, null)).toMatchObject({ sensitive: false })
})

test('what is for adults is seen by members who said they are, by its author, and by nobody else', async () => {
  const { app } = world
  const post = await write('spicy')
  const id = await on(post.id, 'adults_only')
  expect(await inApp(post.id, null)).toBeNull()
  expect(await inApp(post.id, ben)).toBeNull()
  expect((await communityTimeline(app, ben)).items.map((one) => one.id)).not.toContain(post.id)
  expect(await inApp(post.id, amal)).not.toBeNull()
  await editPreferences(app, ben, { adult: true })
  ben = (await findAccount(app, ben.id))!
  expect(await inApp(post.id, ben)).toMatchObject({ content: '<p>spicy</p>' })
  expect((await communityTimeline(app, ben)).items.map((one) => one.id)).toContain(post.id)
  await overturn(id)
  expect(await inApp(post.id, null)).not.toBeNull()
})

test('a post that is out of public lists is there for who follows or has its address, and edits don’t bring it back', async () => {
  const { app } = world
  const post = await write('buy nothing')
  const id = await on(post.id, 'limit_post')
  await editPost(app, amal, post.id, { text: 'buy nothing at all' })
  const listed = async () => (await communityTimeline(app, ben)).items.some((one) => one.id === post.id)
  expect(await listed()).toBe(false)
  expect(await inApp(post.id, ben)).not.toBeNull()
  expect((await seePost(app, amal, post.id)).marks).toEqual(['limited'])
  expect((await seePost(app, ben, post.id)).marks).toEqual([])
  await overturn(id)
  expect(await listed()).toBe(true)
})

test('a closed conversation takes no answers, neither to the post nor deeper; what was said stays', async () => {
  const { app } = world
  const top = await write('a quarrel begins')
  const yes = await createPost(app, ben, { text: 'yes', audience: 'public', replyToId: top.id })
  const deeper = await createPost(app, amal, { text: 'no', audience: 'public', replyToId: yes.id })
  const id = await on(top.id, 'lock_thread')
  for (const one of [top, yes, deeper]) {
    expect(await answer(ben, 'and another thing', one.id)).toBe(403)
    expect((await seePost(app, ben, one.id)).viewer.canReply).toBe(false)
  }
  expect((await (await appOf(ben))(`/api/v1/statuses/${top.id}/context`)).body as unknown).toMatchObject({ descendants: [{ id: yes.id }, { id: deeper.id }] })
  await overturn(id)
  expect(await answer(ben, 'peace', deeper.id)).toBe(200)
  // Closed in the middle: below it nobody answers, above it everybody may.
  const deepest = await createPost(app, ben, { text: 'well', audience: 'public', replyToId: deeper.id })
  await on(deeper.id, 'lock_thread')
  expect([await answer(ben, 'again', deepest.id), await answer(ben, 'elsewhere', yes.id)]).toEqual([403, 200])
})

test('hidden media are loaded by nobody, come with no edit, and are back when it is overturned', async () => {
  const { app } = world
  const post = await withPicture('my holiday')
  const before = await inApp(post.id, null)
  const address = new URL(before!.media_attachments[0]!.url).pathname
  expect(await loads(address)).toBe(true)
  const id = await on(post.id, 'hide_media')
  for (const reader of [null, ben, amal]) expect(await inApp(post.id, reader)).toMatchObject({ media_attachments: [] })
  expect(await loads(address)).toBe(false)
  await editPost(app, amal, post.id, { text: 'my holidays', mediaIds: [] })
  await overturn(id)
  expect(await inApp(post.id, null)).toMatchObject({ media_attachments: [{ id: before!.media_attachments[0]!.id }], content: '<p>my holidays</p>' })
  expect(await loads(address)).toBe(true)
})

test('disabled links are words; names and tags still lead somewhere', async () => {
  const post = await write('see https://shop.example/now and ask @ben about #buttons [here](https://shop.example/x)')
  expect((await inApp(post.id, null))!.content).toContain('href="https://shop.example/now"')
  const id = await on(post.id, 'hide_links')
  const shown = (await inApp(post.id, null))!
  expect(shown.content).not.toMatch(/href="https:\/\/shop/)
  expect(shown.content).toContain('shop.example/now')
  expect(shown.content).toMatch(/href="[^"]*\/@ben"/)
  await overturn(id)
  expect((await inApp(post.id, null))!.content).toContain('href="https://shop.example/now"')
})

test.each([
  ['cool_down', 'coolDownUntil', () => write('again')], ['cool_down', 'coolDownUntil', async () => boostPost(world.app, amal, (await createPost(world.app, ben, { text: 'look', audience: 'public' })).id)],
  ['stop_links', 'linksStopped', () => write('https://shop.example/')], ['stop_media', 'mediaStopped', () => withPicture('look')],
  ['stop_replies', 'repliesStopped', async () => write('hm', { replyToId: (await createPost(world.app, ben, { text: 'well', audience: 'public' })).id })],
] as const)('after %s they are told %s, read and do everything else, and can again when it is overturned', async (act, code, does) => {
  const { app } = world
  const id = await decide(app, mod, { accountId: amal.id }, { act, ...because() })
  await expect(does()).rejects.toMatchObject({ code, status: 403 })
  if (act !== 'cool_down') await write('just words')
  expect((await decisionsAboutMe(app, amal)).items[0]).toMatchObject({ act, reason: 'This is why.' })
  await overturn(id)
  await does()
})

test('a pause ends by itself, a day at most a week away; lifting by hand ends everything that stops somebody', async () => {
  const { app } = world
  await decide(app, mod, { accountId: amal.id }, { act: 'cool_down', ...because() })
  world.later(25 * 3_600_000)
  await write('back')
  await expect(decide(app, mod, { accountId: amal.id }, { act: 'cool_down', ...because(), endsAt: new Date(app.now().getTime() + 20 * 86_400_000) })).rejects.toMatchObject({ problems: [{ field: 'endsAt', message: 'error.coolDownTooLong' }] })
  const stopped = await decide(app, mod, { accountId: amal.id }, { act: 'stop_links', ...because() })
  await decide(app, mod, { accountId: amal.id }, { act: 'stop_replies', ...because() })
  await decide(app, mod, { accountId: amal.id }, { act: 'unrestrict' })
  await write('https://fine.example/')
  await expect(undoDecision(app, mod, stopped)).rejects.toMatchObject({ code: 'alreadySo' })
})

test('a slip about one thing leaves what else was stopped as it is', async () => {
  const { app } = world
  await decide(app, mod, { accountId: amal.id }, { act: 'stop_links', ...because() })
  await undoDecision(app, mod, await decide(app, mod, { accountId: amal.id }, { act: 'stop_media', ...because() }))
  await withPicture('allowed')
  await expect(write('https://shop.example/')).rejects.toMatchObject({ code: 'linksStopped' })
  await decide(app, mod, { accountId: amal.id }, { act: 'unrestrict' })
})

test('deleting a post for good takes two people; it is gone for its author too, and there is no way back', async () => {
  const { app } = world
  const post = await write('an address of somebody')
  await makeReport(app, ben, { postIds: [post.id], category: 'privacy' })
  const caseId = (await deskQueue(app, mod)).items.find((one) => one.account?.id === amal.id)!.id
  expect(await decideOrPropose(app, mod, caseId, { act: 'erase_post', ...because() })).toEqual({ decisionId: null })
  await expect(answerProposal(app, mod, caseId, 'yes', '')).rejects.toMatchObject({ code: 'secondIsYou' })
  const id = (await answerProposal(app, admin, caseId, 'yes', ''))!
  for (const reader of [null, ben, amal]) expect(await inApp(post.id, reader)).toBeNull()
  await expect(undoDecision(app, admin, id)).rejects.toMatchObject({ code: 'alreadySo' })
})

test('terrorist content is decided only after saying whether it serves a protected purpose; if so, the law is no ground', async () => {
  const { app } = world
  const post = await write('a film about the Order of the Grey Triangle, for school')
  await makeReport(app, ben, { postIds: [post.id], category: 'terrorism' })
  const caseId = (await deskQueue(app, owner)).items.find((one) => one.category === 'terrorism')!.id
  const law = { act: 'remove_post', reason: 'x', ground: 'law', law: 'EU 2021/784' }
  await expect(decide(app, owner, { caseId }, law)).rejects.toMatchObject({ problems: [{ field: 'purpose', message: 'error.purposeNeeded' }] })
  await expect(decide(app, owner, { caseId }, { act: 'dismiss' })).rejects.toMatchObject({ problems: [{ field: 'purpose' }] })
  await expect(decide(app, owner, { caseId }, { ...law, purpose: 'education' })).rejects.toMatchObject({ problems: [{ field: 'purpose', message: 'error.purposeProtected' }] })
  await decide(app, owner, { caseId }, { act: 'adults_only', ...because(), purpose: 'education' })
  expect((await decisionsAboutMe(app, amal)).items[0]).toMatchObject({ act: 'adults_only', purpose: 'education' })
})

test('every act that takes something has a way back or needs two people, and a statement that the public database takes', () => {
  const row = { id: '1' as never, ground: 'rule' as const, law: '', explanation: '', facts: 'x', category: 'other', territory: [], content_date: null, created_at: new Date(), ends_at: null, source_type: 'VOLUNTARY', detected_by_machine: false, machine_share: 'NOT_AUTOMATED' as const }
  for (const act of everyAct.filter((one) => !isGentle(one))) {
    expect([act, reversible(act) || act === 'erase_post' || act === 'delete_account']).toEqual([act, true])
    const statement = dsaStatement({ ...row, act }, 'Be kind')
    if (act === 'warn') expect(statement).toBeNull()
    else expect(Object.keys(statement ?? {}).filter((key) => ['decision_visibility', 'decision_account', 'decision_provision'].includes(key))).not.toEqual([])
  }
})

test('all of it is on the record, and the record holds', async () => {
  await removePost(world.app, amal, (await write('the end')).id)
  expect(await verifyAudit(world.app)).toMatchObject({ brokenAt: null })
})
