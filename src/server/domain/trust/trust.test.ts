import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { findAccount, noteReading } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { closeOverRaid, endRaid, readSettings, changeSettings, startRaid, verifyAudit } from '#server/domain/instance/index.ts'
import { createInvitation, takeInvitation } from '#server/domain/invitations/index.ts'
import { branchRoots, closeBranch, decide, holdBranch, reverseDecision, seeBranch, watchForRaid } from '#server/domain/moderation/index.ts'
import type { DecisionId } from '#server/domain/moderation/index.ts'
import { notificationList } from '#server/domain/notifications/index.ts'
import { createPost, editPost, likePost, seePost } from '#server/domain/posts/index.ts'
import type { Draft } from '#server/domain/posts/index.ts'
import { follow } from '#server/domain/relationships/index.ts'
import { signUp } from '#server/domain/sessions/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import { levelOf } from './level.ts'
import * as trust from './index.ts'
import type { TrustFacts, TrustSettings } from './index.ts'

let world: World
let owner: Account, guard: Account
let settings: TrustSettings
const day = 86_400_000
beforeAll(async () => {
  // Paces count here as they do in earnest.
  world = await openWorld({ HEARTH_RATE_LIMIT_SCALE: '1' })
  owner = await person(world.app, 'owner', { role: 'owner' })
  guard = await person(world.app, 'guard', { role: 'moderator' })
  settings = await trust.trustSettings(world.app)
  await changeSettings(world.app, owner, { joinMode: 'open', emailMode: 'none' })
})
afterAll(() => world.close())

let address = 0
/** Somebody joins by themselves: through the open door, or by an invitation. */
async function newcomer(username: string, code?: string): Promise<Account> {
  const { accountId } = await signUp(world.app, {
    username, password: 'a long enough sentence', consent: true, locale: 'en', address: `2001:db8::${address++}`, userAgent: 'test', reason: 'I know the others',
    ...code ? { invitation: (tx) => takeInvitation(world.app, tx, code) } : {},
  })
  await world.work()
  return (await findAccount(world.app, accountId))!
}
const write = (who: Account, text: string, more: Partial<Draft> = {}) => createPost(world.app, who, { text, audience: 'members', ...more })
const refused = (work: Promise<unknown>) => work.then(() => null, (error: { code: string; status: number; params: Record<string, unknown> }) => ({ code: error.code, status: error.status, ...error.params }))

const facts = fc.record({
  days: fc.integer({ min: 0, max: 100 }), readDays: fc.integer({ min: 0, max: 60 }), posts: fc.integer({ min: 0, max: 80 }), likers: fc.integer({ min: 0, max: 8 }), strikes: fc.integer({ min: 0, max: 4 }),
  cameBy: fc.constantFrom('open' as const, 'approval' as const, 'invitation' as const, null), state: fc.constantFrom('active' as const, 'limited' as const), held: fc.boolean(),
})
const now = new Date('2026-11-01')
const level = ({ held, ...one }: typeof facts extends fc.Arbitrary<infer F> ? F : never, more: Partial<TrustFacts> = {}) =>
  levelOf({ ...one, role: 'member', pinned: null, strikesUntil: null, heldUntil: held ? new Date(now.getTime() + day) : null, ...more }, settings, now).level

test('taking part never lowers trust, decisions never raise it, a pin and a role count before both', () => {
  fc.assert(fc.property(facts, fc.constantFrom('days' as const, 'readDays' as const, 'posts' as const, 'likers' as const), fc.integer({ min: 1, max: 60 }), (one, what, more) => {
    const is = level(one)
    expect(level({ ...one, [what]: one[what] + more })).toBeGreaterThanOrEqual(is)
    expect(level({ ...one, strikes: one.strikes + 1 })).toBeLessThanOrEqual(is)
    expect(level({ ...one, state: 'limited' })).toBeLessThanOrEqual(is)
    expect(level({ ...one, held: true })).toBe(0)
    expect(level(one, { role: 'moderator' })).toBe(4)
    expect(level(one, { pinned: 2 })).toBe(2)
    // Nobody comes to lead here by taking part alone; who was let in begins above the limits.
    expect(is).toBeLessThan(4)
    if (one.cameBy !== 'open' && one.strikes === 0 && one.state === 'active' && !one.held) expect(is).toBeGreaterThanOrEqual(settings.limits.below)
  }))
})

test('whoever was invited, let in or was there already notices nothing; who walked in begins as new', async () => {
  const old = await person(world.app, 'old')
  const { code } = await createInvitation(world.app, old, { days: 7, maxUses: 5 })
  const [walked, invited] = [await newcomer('walked'), await newcomer('invited', code)]
  expect(await Promise.all([old, walked, invited, guard].map((one) => trust.trustLevel(world.app, one.id)))).toEqual([1, 0, 1, 4])
  expect((await trust.ownTrust(world.app, invited)).limits).toBeNull()
  expect(await trust.ownTrust(world.app, walked)).toMatchObject({ level: 0, because: 'earned', next: { level: 1, needs: settings.needs[1] }, limits: { links: 2 } })
})

test('the newest are kept to a little, are told until when, and grow by reading and writing', async () => {
  const noor = await newcomer('noor')
  await person(world.app, 'aa1'); await person(world.app, 'aa2'); await person(world.app, 'aa3'); await person(world.app, 'aa4'); await person(world.app, 'aa5'); await person(world.app, 'aa6')
  expect(await refused(write(noor, 'see https://a.example https://b.example https://c.example'))).toEqual({ code: 'new.links', status: 422, most: 2, what: 'readDays', count: 2 })
  expect(await refused(write(noor, '@aa1 @aa2 @aa3 @aa4 @aa5 @aa6'))).toMatchObject({ code: 'new.mentions', most: 5 })
  const first = await write(noor, 'hello https://a.example')
  expect(await refused(editPost(world.app, noor, first.id, { text: 'https://a.example https://b.example https://c.example' }))).toMatchObject({ code: 'new.links', status: 422 })
  await noteReading(world.app, noor.id); await noteReading(world.app, noor.id)
  await write(noor, 'the second'); await write(noor, 'the third')
  world.later(day)
  await noteReading(world.app, noor.id)
  // Nothing but time was missing: the very next post is no newcomer's any more.
  await write(noor, 'see https://a.example https://b.example https://c.example')
  expect(await trust.trustLevel(world.app, noor.id)).toBe(1)
  for (const name of ['aa1', 'aa2']) { const friend = (await findAccount(world.app, (await sql<{ id: string }>`select id from accounts where username = ${name}`.execute(world.app.database.queries)).rows[0]!.id))!; await likePost(world.app, friend, first.id) }
  await sql`update accounts set read_days = 5, posts_count = 10, created_at = ${new Date(world.app.now().getTime() - 8 * day)} where id = ${noor.id}`.execute(world.app.database.queries)
  world.later(2 * 3_600_000)
  await sql`update accounts set last_read_on = (${world.app.now()}::timestamptz at time zone 'UTC')::date where id = ${noor.id}`.execute(world.app.database.queries)
  await trust.raiseTrust(world.app)
  expect((await sql<{ level: number }>`select level from trust where account_id = ${noor.id}`.execute(world.app.database.queries)).rows).toEqual([{ level: 2 }])
})

test('pace: many posts in an hour, many follows and many begun talks in a day wait; answering doesn’t', async () => {
  const max = await newcomer('max')
  await trust.changeTrustSettings(world.app, owner, { 'limits.postsAnHour': '8', 'limits.followsADay': '1', 'limits.messagesADay': '1' })
  const [ada, ben] = [await person(world.app, 'ada'), await person(world.app, 'ben')]
  const hers = await write(ada, '@max welcome', { audience: 'mentioned' })
  await write(max, '@ben hello', { audience: 'mentioned' })
  expect(await refused(write(max, '@ada hello', { audience: 'mentioned' }))).toEqual({ code: 'new.messages', status: 422, most: 1, what: 'hours', count: 24 })
  await write(max, '@ada thank you', { audience: 'mentioned', replyToId: hers.id })
  await follow(world.app, max, ada.id)
  await follow(world.app, max, ada.id, { notify: true })
  expect(await refused(follow(world.app, max, ben.id))).toMatchObject({ code: 'new.follows', status: 422, most: 1 })
  expect((await sql`select 1 from follows where follower_id = ${max.id}`.execute(world.app.database.queries)).rows).toHaveLength(1)
  for (let at = 0; at < 5; at++) await write(max, `post ${at}`)
  expect(await refused(write(max, 'one more'))).toMatchObject({ code: 'new.posts', status: 422, most: 8, what: 'minutes' })
  await trust.changeTrustSettings(world.app, owner, {})
  await expect(trust.changeTrustSettings(world.app, guard, {})).rejects.toMatchObject({ status: 403 })
  await expect(trust.changeTrustSettings(world.app, owner, { 'needs.1.days': 'soon' })).rejects.toMatchObject({ problems: [{ field: 'needs.1.days' }] })
})

test('a decision lowers trust while it counts; taken back it gives it back; an admin may set a level, on record', async () => {
  const bo = await person(world.app, 'bo')
  await sql`update accounts set read_days = 40, posts_count = 60, created_at = ${new Date(world.app.now().getTime() - 90 * day)} where id = ${bo.id}`.execute(world.app.database.queries)
  await sql`update trust_settings set settings = '{"needs":{"2":{"likers":0},"3":{"likers":0}}}'`.execute(world.app.database.queries)
  world.app.caches.delete('trust.settings')
  expect(await trust.trustLevel(world.app, bo.id)).toBe(3)
  const decisionId = await decide(world.app, guard, { accountId: bo.id }, { act: 'warn', reason: 'Please be kind.', ground: 'law', law: 'Any' })
  await world.work()
  expect(await trust.seeTrust(world.app, guard, bo.id)).toMatchObject({ level: 2, because: 'lowered', strikesUntil: expect.any(String) })
  await world.app.database.inTransaction((tx) => reverseDecision(world.app, tx, owner, decisionId as DecisionId, { reason: 'It was said in jest.', byAppeal: false }))
  await world.work()
  expect(await trust.trustLevel(world.app, bo.id)).toBe(3)
  await expect(trust.pinTrust(world.app, guard, bo.id, '1', '')).rejects.toMatchObject({ status: 403 })
  await trust.pinTrust(world.app, owner, bo.id, '1', 'asked for it')
  expect(await trust.seeTrust(world.app, guard, bo.id)).toMatchObject({ level: 1, because: 'pinned', pinned: { why: 'asked for it' } })
  // The member isn't told by whom or why.
  expect((await trust.ownTrust(world.app, bo)).pinned).toEqual({ why: '', byId: null })
  await trust.pinTrust(world.app, owner, bo.id, null, '')
  expect(await trust.trustLevel(world.app, bo.id)).toBe(3)
})

test('a branch is seen with how it fared; its newcomers are kept small and its links end with one press', async () => {
  const root = await person(world.app, 'root')
  const { code } = await createInvitation(world.app, root, { days: null, maxUses: null })
  const child = await newcomer('child', code)
  const grown = await newcomer('grown', code)
  await sql`update accounts set created_at = ${new Date(world.app.now().getTime() - 90 * day)} where id = ${grown.id}`.execute(world.app.database.queries)
  await sql`insert into trust (account_id, level, changed_at, checked_at) values (${grown.id}, 2, now(), now() + interval '30 days') on conflict (account_id) do update set level = 2, checked_at = excluded.checked_at`.execute(world.app.database.queries)
  const own = await createInvitation(world.app, child, { days: 3, maxUses: 9 })
  const grandchild = await newcomer('grandchild', own.code)
  expect((await branchRoots(world.app, guard)).items.map((one) => one.account.username)).toContain('root')
  const seen = await seeBranch(world.app, guard, root.id)
  expect(seen).toMatchObject({ above: [], figures: { people: 3, active: 3, suspended: 0, open: 2, whole: true, held: 0 }, children: { items: [{ account: { username: 'grown' } }, { account: { username: 'child' }, invited: 1 }] } })
  expect((await seeBranch(world.app, guard, grandchild.id)).above.map((one) => one.username)).toEqual(['child', 'root'])
  await expect(seeBranch(world.app, child, root.id)).rejects.toMatchObject({ status: 403 })
  expect(await holdBranch(world.app, guard, root.id, 7)).toBe(2)
  const levels = () => Promise.all([root, grown, child, grandchild].map((one) => trust.trustLevel(world.app, one.id)))
  expect(await levels()).toEqual([1, 2, 0, 0])
  expect(await refused(write(child, 'https://a.example https://b.example https://c.example'))).toMatchObject({ code: 'new.links', what: 'days', count: 7 })
  // Who comes by the branch meanwhile begins the same way, and so does whom they bring.
  const late = await newcomer('late', own.code)
  expect(await trust.trustLevel(world.app, late.id)).toBe(0)
  expect(await closeBranch(world.app, guard, root.id)).toBe(2)
  await expect(newcomer('toolate', own.code)).rejects.toMatchObject({ code: 'invitationGone' })
  await holdBranch(world.app, guard, root.id, 0)
  // Looked at anew: what the grown one had was only written down for this test.
  expect(await levels()).toEqual([1, 1, 1, 1])
  expect((await sql<{ act: string }>`select act from audit_log where act like 'branch.%' order by id`.execute(world.app.database.queries)).rows.map((row) => row.act)).toEqual(['branch.hold', 'branch.close', 'branch.release'])
})

describe('a raid', () => {
  test('the switch slows the door and newcomers, tells who moderates, and ends by itself, on record', async () => {
    const { code } = await createInvitation(world.app, owner, { days: null, maxUses: null })
    const early = await newcomer('early')
    await expect(startRaid(world.app, early, {})).rejects.toMatchObject({ status: 403 })
    await startRaid(world.app, guard, { hours: 2 })
    await world.work()
    expect(await readSettings(world.app)).toMatchObject({ joinMode: 'approval', usualJoinMode: 'open', raid: { joinMode: 'approval', byId: guard.id } })
    expect((await notificationList(world.app, owner)).items[0]).toMatchObject({ kind: 'report', data: { raid: 'on' } })
    // An invitation may have been handed on.
    expect((await newcomer('stranger', code)).state).toBe('pending')
    expect(await refused(write(early, 'https://a.example'))).toEqual({ code: 'raidBare', status: 422, what: 'hours', count: 2 })
    const held = await write(early, 'my first words')
    expect(held.state).toBe('held')
    expect((await sql`select 1 from cases where ${held.id}::bigint = any(select post_id from case_posts where case_id = cases.id) and state = 'open'`.execute(world.app.database.queries)).rows).toHaveLength(1)
    const old = await person(world.app, 'longhere')
    await sql`update accounts set created_at = ${new Date(world.app.now().getTime() - 30 * day)} where id = ${old.id}`.execute(world.app.database.queries)
    expect((await write((await findAccount(world.app, old.id))!, 'https://a.example as ever')).state).toBe('published')
    // A moderator finds nothing wrong.
    const [{ id: caseId }] = (await sql<{ id: string }>`select case_id as id from case_posts where post_id = ${held.id}`.execute(world.app.database.queries)).rows as [{ id: string }]
    await decide(world.app, guard, { caseId }, { act: 'dismiss', reason: '' })
    await world.work()
    expect((await seePost(world.app, owner, held.id)).state).toBe('published')
    world.later(2 * 3_600_000 + 1000)
    expect(await readSettings(world.app)).toMatchObject({ joinMode: 'open', raid: null })
    expect((await write(early, 'and https://a.example')).state).toBe('published')
    await closeOverRaid(world.app); await closeOverRaid(world.app)
    await startRaid(world.app, 'command', { joinMode: 'closed' })
    expect((await readSettings(world.app)).joinMode).toBe('closed')
    await endRaid(world.app, guard)
    expect((await sql<{ act: string; kind: string }>`select act, actor_kind as kind from audit_log where act like 'raid.%' order by id`.execute(world.app.database.queries)).rows).toEqual([
      { act: 'raid.start', kind: 'account' }, { act: 'raid.over', kind: 'program' }, { act: 'raid.start', kind: 'command' }, { act: 'raid.end', kind: 'account' }])
    expect((await verifyAudit(world.app)).why).toBeNull()
    await expect(startRaid(world.app, guard, { hours: 100 })).rejects.toMatchObject({ problems: [{ field: 'hours' }] })
  })

  test('a rush of sign-ups, or of new accounts that say the same, is told to who moderates once', async () => {
    const suggestions = async () => { await world.work(); return (await notificationList(world.app, guard)).items.flatMap((one) => (one.data.raid && one.data.raid !== 'on' ? [one.data.raid] : [])) }
    world.later(15 * day)
    await watchForRaid(world.app)
    expect(await suggestions()).toEqual([])
    const rush: Account[] = []
    for (let at = 0; at < 5; at++) rush.push(await newcomer(`rush${at}`))
    for (const one of rush) await write(one, 'The great garden sale is on now, everybody come quickly to the old market hall and bring your friends')
    await watchForRaid(world.app); await watchForRaid(world.app)
    expect(await suggestions()).toEqual(['alike'])
    await sql`delete from screening_bands`.execute(world.app.database.queries)
    await sql`insert into accounts (id, username, username_key, username_skeleton, state, came_by, created_at) select 9000000000000000 + n, 'bot' || n, 'bot' || n, 'bot' || n, 'active', 'open', ${world.app.now()} from generate_series(1, 12) n`.execute(world.app.database.queries)
    await watchForRaid(world.app)
    expect((await suggestions()).sort()).toEqual(['alike', 'joins'])
  })
})
