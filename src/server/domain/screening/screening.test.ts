import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scene } from '../../../../tests/media/pictures.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { editProfile, findAccount, profileOf } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { deskQueue } from '#server/domain/cases/index.ts'
import { createList } from '#server/domain/lists/index.ts'
import { acceptUpload, describeMedia, seeMedia } from '#server/domain/media/index.ts'
import { decide, reverseDecision } from '#server/domain/moderation/index.ts'
import { createPost, editPost, seePost } from '#server/domain/posts/index.ts'
import { communityTimeline } from '#server/domain/timelines/index.ts'
import { testSentence } from './index.ts'

let world: World
let mara: Account, tomas: Account, aiko: Account, reader: Account
beforeAll(async () => {
  world = await openWorld()
  mara = await person(world.app, 'mara', { role: 'owner' })
  tomas = await person(world.app, 'tomas')
  aiko = await person(world.app, 'aiko')
  reader = await person(world.app, 'reader')
})
afterAll(() => world?.close())

const post = (author: Account, text: string, more: Partial<Parameters<typeof createPost>[2]> = {}) => createPost(world.app, author, { text, audience: 'public', ...more })
const lineOf = async (excerpt: string) => (await deskQueue(world.app, mara, { limit: 80 })).items.find((one) => one.excerpt.includes(excerpt))

describe('before anybody sees a post', () => {
  test('an ordinary one is published, and nobody hears of it', async () => {
    const seen = await post(tomas, 'The ferry leaves at nine. See https://ferry.example/times')
    expect(seen.state).toBe('published')
    expect((await deskQueue(world.app, mara)).items).toEqual([])
  })

  test('what a rule holds only its author sees, the desk has it with the reason, and a dismissal shows it to everybody', async () => {
    const held = await post(tomas, `first words ${testSentence}`)
    expect(held.state).toBe('held')
    await expect(seePost(world.app, reader, held.id)).rejects.toMatchObject({ code: 'notFound' })
    expect((await seePost(world.app, tomas, held.id)).state).toBe('held')
    const line = (await lineOf('first words'))!
    expect(line).toMatchObject({ kind: 'hold', source: 'screening', category: 'spam', summary: expect.stringContaining('held by rule “Test sentence”') })
    await decide(world.app, mara, { caseId: line.id }, { act: 'dismiss' })
    await world.work()
    expect((await seePost(world.app, reader, held.id)).state).toBe('published')
    expect(await judged()).toMatchObject({ test: { judged_wrong: 1, judged_right: 0 } })
  })

  test('what a moderator takes away stays away, and the rule was right', async () => {
    const held = await post(tomas, `second words ${testSentence}`)
    const line = (await lineOf('second words'))!
    await decide(world.app, mara, { caseId: line.id }, { act: 'remove_post', ground: 'law', law: 'An invented law', reason: 'It says too much.' })
    await world.work()
    await expect(seePost(world.app, tomas, held.id)).rejects.toMatchObject({ code: 'notFound' })
    expect(await judged()).toMatchObject({ test: { fired: 2, judged_right: 1, judged_wrong: 1 } })
    // Taken back later: it is seen, and the rule was wrong after all.
    const { rows } = await world.app.database.pool.query<{ id: string }>("select id from decisions where act = 'remove_post'")
    await world.app.database.inTransaction((tx) => reverseDecision(world.app, tx, mara, rows[0]!.id, { reason: 'A mistake', byAppeal: true }))
    await world.work()
    expect((await seePost(world.app, reader, held.id)).state).toBe('published')
    expect(await judged()).toMatchObject({ test: { judged_right: 0, judged_wrong: 2 } })
  })

  test('a link to a listed site is refused with its name, below it and disguised too; nothing is stored but who tried', async () => {
    for (const text of ['https://listed-site.example/', 'https://shop.listed-site.example/x', 'hxxps://listed-site.example', 'listed-site[.]example', 'https://user@listed-site.example/', 'https://l\u0456sted-site.example/']) {
      await expect(post(tomas, `look ${text}`), text).rejects.toMatchObject({ status: 422, code: 'screenedLink' })
    }
    expect((await post(tomas, 'not https://unlisted-site.example/')).state).toBe('published')
    const { rows } = await world.app.database.pool.query("select post_id, outcome, acted from screening_hits h join screening_rules r on r.id = h.rule_id where r.key = 'link-block'")
    expect(rows).toHaveLength(6)
    expect(rows[0]).toEqual({ post_id: null, outcome: 'refuse', acted: true })
  })

  test('an edit and a poll’s answers are looked at as well', async () => {
    const seen = await post(tomas, 'harmless at first')
    await expect(editPost(world.app, tomas, seen.id, { text: 'https://listed-site.example' })).rejects.toMatchObject({ code: 'screenedLink' })
    expect((await editPost(world.app, tomas, seen.id, { text: testSentence })).state).toBe('held')
    await expect(seePost(world.app, reader, seen.id)).rejects.toMatchObject({ code: 'notFound' })
    await expect(post(tomas, 'which?', { poll: { options: ['one', 'see https://listed-site.example'], multiple: false, hideTotals: false, seconds: 3600 } })).rejects.toMatchObject({ code: 'screenedLink' })
  })

  test('a newcomer who repeats a link is held at the third time', async () => {
    const states = []
    for (const turn of ['now', 'today', 'soon']) states.push((await post(aiko, `Cheap tickets ${turn} at https://tickets.example/harbour`)).state)
    expect(states).toEqual(['published', 'published', 'held'])
  })

  test('the same long text from the fourth account is kept out of the community’s lists, not from its followers', async () => {
    const text = 'Dear neighbours, only today the grand harbour lottery gives away boats and bread to everybody who answers'
    for (const name of ['one', 'two', 'three']) await post(await person(world.app, name), `${text} ${name}`)
    const limited = await post(await person(world.app, 'four'), text)
    expect(limited.state).toBe('published')
    const shown = (await communityTimeline(world.app, reader, { limit: 40 })).items.map((one) => one.id)
    expect(shown).not.toContain(limited.id)
    expect(shown.length).toBeGreaterThan(3)
    expect((await seePost(world.app, reader, limited.id)).id).toBe(limited.id)
  })

  test('words between few are not looked for, their links are', async () => {
    await world.app.database.pool.query("update screening_rules set state = 'on' where key = 'words-flag'; update screening_state set version = version + 1")
    await post(tomas, '@reader glorpnak', { audience: 'mentioned' })
    expect(await lineOf('glorpnak')).toBeUndefined()
    await post(tomas, 'so gl0rpnak it is')
    expect(await lineOf('gl0rpnak')).toMatchObject({ kind: 'report', source: 'screening' })
    await expect(post(tomas, '@reader https://listed-site.example', { audience: 'mentioned' })).rejects.toMatchObject({ code: 'screenedLink' })
  })

  test('a rule that only counts does nothing else', async () => {
    const before = (await judged())['tricky-link']?.fired ?? 0
    await post(tomas, 'see https://anything@hidden.example/')
    expect((await judged())['tricky-link']).toMatchObject({ fired: before + 1 })
    expect(await lineOf('hidden.example')).toBeUndefined()
  })
})

describe('what is no post', () => {
  test('a profile’s words wait for a person and stand when nothing is wrong; all else of the form is stored', async () => {
    expect(await editProfile(world.app, tomas, { bio: `I am ${testSentence}`, locked: true })).toBe('held')
    expect(await profileOf(world.app, tomas)).toMatchObject({ bio: '', locked: true })
    await expect(editProfile(world.app, tomas, { fields: [{ name: 'web', value: 'https://listed-site.example' }] })).rejects.toMatchObject({ code: 'screenedLink' })
    const line = (await deskQueue(world.app, mara, { limit: 80 })).items.find((one) => one.kind === 'hold' && one.account?.id === tomas.id && one.posts === 0)!
    await decide(world.app, mara, { caseId: line.id }, { act: 'dismiss' })
    await world.work()
    expect((await profileOf(world.app, (await findAccount(world.app, tomas.id))!)).bio).toContain('SCREENING-TEST')
  })

  test('a description that is held takes its post with it; a refused one is not stored', async () => {
    const { id } = await acceptUpload(world.app, tomas, Readable.from([await (await scene(300, 200, 7)).jpeg().toBuffer()]), { name: 'picture', purpose: 'post' })
    await world.work()
    const shown = await post(tomas, 'the old pier', { mediaIds: [id] })
    expect(shown.state).toBe('published')
    await expect(describeMedia(world.app, tomas, id, { description: 'see https://listed-site.example' })).rejects.toMatchObject({ code: 'screenedLink' })
    expect((await seeMedia(world.app, tomas, id)).description).toBe('')
    await describeMedia(world.app, tomas, id, { description: testSentence })
    await expect(seePost(world.app, reader, shown.id)).rejects.toMatchObject({ code: 'notFound' })
    expect(await lineOf('the old pier')).toMatchObject({ kind: 'hold', posts: 1 })
  })

  test('the name of a list is refused rather than held', async () => {
    await expect(createList(world.app, tomas, { title: testSentence })).rejects.toMatchObject({ code: 'screened' })
    expect((await createList(world.app, tomas, { title: 'Friends' })).title).toBe('Friends')
  })
})

type Judged = { key: string; fired: number; judged_right: number; judged_wrong: number }
async function judged(): Promise<Record<string, Judged>> {
  const { rows } = await world.app.database.pool.query<Judged>('select r.key, sum(fired)::int as fired, sum(judged_right)::int as judged_right, sum(judged_wrong)::int as judged_wrong from screening_counts c join screening_rules r on r.id = c.rule_id group by 1')
  return Object.fromEntries(rows.map((row) => [row.key, row]))
}
