import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { claimMedia, removeMedia, sweepUnattached } from '#server/domain/media/index.ts'
import { createPost, removePost, useScreen } from '#server/domain/posts/index.ts'
import type { Draft } from '#server/domain/posts/index.ts'
import { accountTimeline } from '#server/domain/timelines/index.ts'
import { cancelScheduled, publishScheduled, reschedulePost, scheduledOf, schedulePost, seeScheduled } from './index.ts'

let world: World
let mara: Account
let jun: Account
beforeAll(async () => {
  world = await openWorld()
  mara = await person(world.app, 'mara')
  jun = await person(world.app, 'jun')
})
afterAll(() => world.close())
const inMinutes = (minutes: number) => new Date(world.app.now().getTime() + minutes * 60_000)
const plan = (text: string, minutes: number, more: Partial<Draft> = {}) => schedulePost(world.app, mara, { text, audience: 'members', ...more }, inMinutes(minutes))
const posts = async () => (await accountTimeline(world.app, mara, mara.id, 'everything')).items.map((post) => post.text)
const due = (id: string) => publishScheduled(world.app, id, false)
const picture = async (owner = mara) => {
  const id = world.app.newId<'media'>()
  await world.app.database.queries.insertInto('media').values({ id, account_id: owner.id, kind: 'image', state: 'ready', key: `key-${id}`, original_mime: 'image/png', created_at: world.app.now() }).execute()
  return id
}

test('a planned post is published at its time, once, however often it is tried', async () => {
  const made = await plan('good morning', 10, { warning: 'early', language: 'en' })
  expect(made).toMatchObject({ draft: { text: 'good morning', warning: 'early', language: 'en', audience: 'members' }, error: null })
  await due(made.id)
  expect(await posts()).toEqual([])
  world.later(10 * 60_000)
  await Promise.all([1, 2, 3].map(() => due(made.id)))
  await due(made.id)
  expect(await posts()).toEqual(['good morning'])
  await expect(seeScheduled(world.app, mara, made.id)).rejects.toMatchObject({ code: 'notFound' })
})

test('the job waits in the queue with the plan, and moves with it', async () => {
  const { pool } = world.app.database
  const jobs = async (id: string) => (await pool.query('select run_at from graphile_worker.jobs where key = $1', [`scheduled:${id}`])).rows.map((row: { run_at: Date }) => row.run_at.toISOString())
  const made = await plan('later', 30)
  expect(await jobs(made.id)).toEqual([made.publishAt])
  const moved = await reschedulePost(world.app, mara, made.id, inMinutes(90))
  expect(await jobs(made.id)).toEqual([moved.publishAt])
  world.later(40 * 60_000)
  await due(made.id)
  expect(await posts()).not.toContain('later')
  await cancelScheduled(world.app, mara, made.id)
  world.later(60 * 60_000)
  await due(made.id)
  expect(await posts()).not.toContain('later')
})

test('its pictures are kept for it: no other post, removal or sweep takes them', async () => {
  const media = await picture()
  const made = await plan('with a picture', 3 * 24 * 60, { mediaIds: [media] })
  expect(made.media.map((one) => one.id)).toEqual([media])
  await expect(createPost(world.app, mara, { text: 'mine too', audience: 'members', mediaIds: [media] })).rejects.toMatchObject({ problems: [{ field: 'media' }] })
  await expect(plan('also', 10, { mediaIds: [media] })).rejects.toMatchObject({ problems: [{ field: 'media' }] })
  await expect(plan('not hers', 10, { mediaIds: [await picture(jun)] })).rejects.toMatchObject({ problems: [{ field: 'media' }] })
  await expect(removeMedia(world.app, mara, media)).rejects.toMatchObject({ code: 'uploadGone' })
  world.later(2 * 24 * 3_600_000)
  await sweepUnattached(world.app)
  world.later(24 * 3_600_000)
  await due(made.id)
  expect((await accountTimeline(world.app, mara, mara.id, 'everything')).items[0]).toMatchObject({ text: 'with a picture', media: [{ id: media }] })
  const free = await picture()
  const gone = await plan('cancelled', 10, { mediaIds: [free] })
  await cancelScheduled(world.app, mara, gone.id)
  await world.app.database.inTransaction((tx) => claimMedia(world.app, tx, mara, [free], '5'))
})

test('what can’t be published stays on the list with its reason, and can be tried again', async () => {
  await world.app.database.queries.insertInto('credentials').values({ account_id: mara.id, email: 'mara@example.org', email_key: 'mara@example.org', email_confirmed_at: new Date() }).execute()
  const parent = await createPost(world.app, jun, { text: 'soon gone', audience: 'members' })
  const answer = await plan('an answer', 10, { replyToId: parent.id })
  await removePost(world.app, jun, parent.id)
  world.later(10 * 60_000)
  await due(answer.id)
  await due(answer.id)
  expect(await seeScheduled(world.app, mara, answer.id)).toMatchObject({ error: 'notFound' })
  expect(await world.app.database.queries.selectFrom('outbox_mails').select(['to_address', 'kind']).execute()).toEqual([{ to_address: 'mara@example.org', kind: 'plan' }])
  // Screening is asked at the time of publishing.
  useScreen(world.app, async (_app, { text }) => text.includes('casino') ? { act: 'refuse', code: 'notAllowed' } : { act: 'pass' })
  const advert = await plan('casino!', 10)
  world.later(10 * 60_000)
  await due(advert.id)
  expect((await scheduledOf(world.app, mara)).items.map((one) => [one.draft.text, one.error])).toEqual([['casino!', 'notAllowed'], ['an answer', 'notFound']])
  useScreen(world.app, async () => ({ act: 'pass' }))
  expect((await reschedulePost(world.app, mara, advert.id, inMinutes(10))).error).toBeNull()
  world.later(10 * 60_000)
  await due(advert.id)
  expect(await posts()).toContain('casino!')
})

test('plans are five minutes ahead, few a day, one’s own, and made once with a key', async () => {
  const fields = (attempt: Promise<unknown>) => attempt.then(() => [], (error: { problems: { field: string; message: string }[] }) => error.problems.map((one) => `${one.field} ${one.message}`))
  expect(await fields(plan('x', 4))).toEqual(['scheduledAt error.scheduledTooSoon'])
  expect(await fields(schedulePost(world.app, mara, { text: 'x', audience: 'members' }, new Date('nonsense')))).toEqual(['scheduledAt error.badDate'])
  expect(await fields(plan('', 10))).toEqual(['text error.emptyPost'])
  const [one, two] = await Promise.all([1, 2].map(() => plan('once', 10, { idempotencyKey: 'k' })))
  expect(one!.id).toBe(two!.id)
  for (const attempt of [() => seeScheduled(world.app, jun, one!.id), () => reschedulePost(world.app, jun, one!.id, inMinutes(10)), () => cancelScheduled(world.app, jun, one!.id), () => cancelScheduled(world.app, mara, 'x')]) await expect(attempt()).rejects.toMatchObject({ code: 'notFound' })
  const day = 24 * 60 * 40
  const many = await Promise.allSettled(Array.from({ length: 27 }, (_, at) => schedulePost(world.app, jun, { text: `${at}`, audience: 'members' }, new Date(inMinutes(day).setUTCHours(12)))))
  expect(many.filter((each) => each.status === 'fulfilled')).toHaveLength(25)
})

test('whoever is frozen, suspended or paused meanwhile speaks through no plan; it stays with its reason', async () => {
  const { pool } = world.app.database
  for (const [name, set] of [['frozen', "state = 'suspended', frozen_at = now()"], ['suspended', "state = 'suspended'"], ['gone', "state = 'deleted'"]] as const) {
    const author = await person(world.app, name)
    const made = await schedulePost(world.app, author, { text: `said by ${name}`, audience: 'members' }, inMinutes(10))
    await pool.query(`update accounts set ${set} where id = $1`, [author.id])
    world.later(10 * 60_000)
    await publishScheduled(world.app, made.id, true)
    const { rows } = await pool.query('select (select count(*)::int from posts where author_id = $1) as posts, (select error from scheduled_posts where id = $2) as error', [author.id, made.id])
    expect([name, rows[0]]).toEqual([name, { posts: 0, error: 'notAllowed' }])
  }
})
