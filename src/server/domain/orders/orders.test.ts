import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { verifyAudit } from '#server/domain/instance/index.ts'
import { decisionsAboutMe } from '#server/domain/moderation/index.ts'
import { createPost } from '#server/domain/posts/index.ts'
import { vaultItems } from '#server/domain/vault/index.ts'
import type { OrderDraft } from './receive.ts'
import * as orders from './index.ts'

const minute = 60_000
let world: World
let owner: Account, mod: Account, ben: Account
beforeAll(async () => {
  world = await openWorld()
  owner = await person(world.app, 'olga', { role: 'owner' })
  mod = await person(world.app, 'mona', { role: 'moderator' })
  ben = await person(world.app, 'ben')
})
afterAll(() => world?.close())

const draft = (addresses: string, more: Partial<OrderDraft> = {}): OrderDraft => ({
  kind: 'terrorism', authority: 'Office of Invented Orders', country: 'DE', contactName: 'R. Example', contactEmail: 'orders@authority.example', contactPhone: '+49 0', reference: 'AZ 1/26', issuedOn: '2026-11-24', addresses, why: 'Praises the Order of the Grey Triangle', law: '', languages: 'de en',
  redress: 'Within a month, before the court of the town.', quietWhy: '', grounds: ['incites'], quiet: false, trap: '', ...more,
})
const receive = (given: OrderDraft) => orders.receiveOrder(world.app, given, null, { address: '192.0.2.7', locale: 'en' })
const write = (author: Account, text: string) => createPost(world.app, author, { text, audience: 'public' })
const urlOf = (author: Account, id: string) => `${world.app.config.publicUrl}/@${author.username}/${id}`
const notices = async (who: Account, orderId: string) => (await world.app.database.pool.query("select count(*)::int as n from notifications where account_id = $1 and data->>'orderId' = $2", [who.id, orderId])).rows[0].n as number
const stateOf = async (postId: string) => (await world.app.database.pool.query('select state from posts where id = $1', [postId])).rows[0].state as string

test('an order comes by the template: the hour runs, everybody who moderates hears of it at once and again at 30, 15 and 5 minutes', async () => {
  const post = await write(ben, 'hail the Grey Triangle')
  await expect(receive(draft('', { grounds: [], country: '' }))).rejects.toMatchObject({ problems: expect.arrayContaining([expect.objectContaining({ field: 'addresses' }), expect.objectContaining({ field: 'grounds' }), expect.objectContaining({ field: 'country' })]) })
  const { orderId, token } = await receive(draft(`${urlOf(ben, post.id)} ${world.app.config.publicUrl}/@nobody/1`))
  const seen = await orders.seeOrder(world.app, mod, orderId)
  expect(seen.items.map((one) => one.kind)).toEqual(['post', 'unknown'])
  expect(Date.parse(seen.dueAt) - Date.parse(seen.receivedAt)).toBe(60 * minute)
  await orders.alarmOrders(world.app)
  await orders.alarmOrders(world.app)
  expect(await notices(mod, orderId)).toBe(1)
  for (const [left, count] of [[29, 2], [14, 3], [4, 4]] as const) {
    world.later(Date.parse(seen.dueAt) - world.app.now().getTime() - left * minute)
    await orders.alarmOrders(world.app)
    expect([left, await notices(owner, orderId)]).toEqual([left, count])
  }
  expect(await notices(ben, orderId)).toBe(0)
  // The authority's page shows what came and nothing of ours.
  const own = await orders.orderOf(world.app, token)
  expect([own.form.reference, own.steps, own.items[0]!.account]).toEqual(['AZ 1/26', [], null])
  await expect(orders.orderOf(world.app, `${token.slice(1)}x`)).rejects.toMatchObject({ code: 'notFound' })
  // Purpose is asked first; then one press does it.
  await expect(orders.comply(world.app, mod, orderId, { purpose: '', words: '' })).rejects.toMatchObject({ code: 'form' })
  await orders.comply(world.app, mod, orderId, { purpose: 'none', words: '' })
  expect(await stateOf(post.id)).toBe('removed')
  await world.work()
  const after = await orders.seeOrder(world.app, owner, orderId)
  expect(after).toMatchObject({ state: 'complied', purpose: 'none' })
  expect(after.steps.map((one) => one.act)).toEqual(['order.receive', 'order.comply'])
  const [told] = (await decisionsAboutMe(world.app, ben)).items
  expect(told).toMatchObject({ act: 'remove_post', law: 'Regulation (EU) 2021/784, Article 3' })
  expect(told!.reason).toContain('Office of Invented Orders')
  expect(told!.reason).toContain('Within a month')
  const kept = (await vaultItems(world.app, owner)).filter((one) => one.orderId === orderId)
  expect(kept.some((one) => one.state === 'sealed' && one.account?.username === 'ben')).toBe(true)
  expect(Math.round((Date.parse(kept[0]!.keepUntil) - world.app.now().getTime()) / 86_400_000)).toBeGreaterThanOrEqual(183)
  await orders.alarmOrders(world.app)
  expect(await notices(owner, orderId)).toBe(4)
})

test('silence that was ordered is kept: the author hears nothing until it is over, then by itself; it is extended once', async () => {
  const cleo = await person(world.app, 'cleo')
  const post = await write(cleo, 'the Triangle again')
  const { orderId } = await receive(draft(urlOf(cleo, post.id), { quiet: true, quietWhy: 'An investigation runs', reference: 'AZ 2/26' }))
  await orders.comply(world.app, mod, orderId, { purpose: 'none', words: '' })
  await world.work()
  expect(await stateOf(post.id)).toBe('removed')
  const told = async () => [(await decisionsAboutMe(world.app, cleo)).items.length, (await world.app.database.pool.query("select count(*)::int as n from notifications where account_id = $1 and kind = 'moderation'", [cleo.id])).rows[0].n]
  expect(await told()).toEqual([0, 0])
  const first = (await orders.seeOrder(world.app, mod, orderId)).quietUntil!
  expect(Math.round((Date.parse(first) - world.app.now().getTime()) / 86_400_000)).toBe(42)
  await orders.changeQuiet(world.app, mod, orderId, 'extend')
  await expect(orders.changeQuiet(world.app, mod, orderId, 'extend')).rejects.toMatchObject({ code: 'alreadySo' })
  world.later(43 * 86_400_000)
  expect(await told()).toEqual([0, 0])
  await orders.changeQuiet(world.app, mod, orderId, 'end')
  await world.work()
  expect(await told()).toEqual([1, 1])
})

test('it can’t be carried out: the clock stops with its reason, and a new hour begins when that is over', async () => {
  const { orderId } = await receive(draft(`${world.app.config.publicUrl}/@nobody/5`, { reference: 'AZ 3/26' }))
  await expect(orders.comply(world.app, mod, orderId, { purpose: 'none', words: '' })).rejects.toMatchObject({ code: 'orderNothingFound' })
  await expect(orders.stopClock(world.app, mod, orderId, { reason: 'no wish', words: '' })).rejects.toMatchObject({ code: 'form' })
  await orders.stopClock(world.app, mod, orderId, { reason: 'manifest_errors', words: 'The address names nothing here.' })
  world.later(5 * 3_600_000)
  await orders.alarmOrders(world.app)
  expect((await orders.seeOrder(world.app, mod, orderId)).stop).toMatchObject({ reason: 'manifest_errors' })
  await orders.restartClock(world.app, mod, orderId)
  const again = await orders.seeOrder(world.app, mod, orderId)
  expect([again.state, Math.round((Date.parse(again.dueAt) - world.app.now().getTime()) / minute)]).toEqual(['open', 60])
  await orders.setAside(world.app, mod, orderId, { as: 'withdrawn', words: 'Taken back by mail.' })
  expect((await orders.seeOrder(world.app, mod, orderId)).state).toBe('withdrawn')
})

test('an order about somebody who moderates isn’t theirs to see, and binds whatever their rank; annulled, everything comes back', async () => {
  const post = await write(owner, 'the owner quotes the Triangle')
  const { orderId } = await receive(draft(urlOf(owner, post.id), { reference: 'AZ 4/26' }))
  await expect(orders.seeOrder(world.app, owner, orderId)).rejects.toMatchObject({ code: 'notFound' })
  expect((await orders.orders(world.app, owner)).items.some((one) => one.id === orderId)).toBe(false)
  await orders.comply(world.app, mod, orderId, { purpose: 'journalism', words: 'A quotation in a report; we carry it out and ask for a review.' })
  expect(await stateOf(post.id)).toBe('removed')
  await orders.askReview(world.app, mod, orderId)
  const seen = await orders.seeOrder(world.app, mod, orderId)
  expect(Math.round((Date.parse(seen.reviewUntil!) - world.app.now().getTime()) / 3_600_000)).toBe(72)
  await orders.endReview(world.app, mod, orderId, 'annulled')
  expect(await stateOf(post.id)).toBe('published')
  await expect(orders.setFinal(world.app, mod, orderId, true)).rejects.toMatchObject({ code: 'alreadySo' })
})

test('the sender is confirmed by the link that only their address gets, and by what moderators note; two final orders are counted', async () => {
  const post = await write(ben, 'one more')
  const { orderId, token } = await receive(draft(urlOf(ben, post.id), { reference: 'AZ 5/26' }))
  const { rows: [mail] } = await world.app.database.pool.query("select body_text from outbox_mails where to_address = 'orders@authority.example' order by id desc limit 1")
  const confirm = /confirm=([\w-]{43})/.exec(mail.body_text)![1]!
  await expect(orders.checkSender(world.app, mod, orderId, { checks: [], genuine: true })).rejects.toMatchObject({ code: 'form' })
  await orders.confirmSender(world.app, token, 'x'.repeat(43))
  expect((await orders.seeOrder(world.app, mod, orderId)).confirmedAt).toBeNull()
  await orders.confirmSender(world.app, token, confirm)
  await orders.checkSender(world.app, mod, orderId, { checks: ['calledBack', 'nonsense'], genuine: true })
  const seen = await orders.seeOrder(world.app, mod, orderId)
  expect(seen.confirmedAt).not.toBeNull()
  expect(Object.keys(seen.checks)).toEqual(['calledBack'])
  expect(seen.verifiedAt).not.toBeNull()
  await orders.comply(world.app, mod, orderId, { purpose: 'none', words: '' })
  await orders.setFinal(world.app, mod, orderId, true)
  expect((await orders.orders(world.app, mod)).final).toBe(1)
})

test('a test order alarms as a real one and counts nowhere; outsiders and members get in nowhere', async () => {
  const id = await orders.testOrder(world.app, owner)
  await orders.alarmOrders(world.app)
  expect(await notices(mod, id)).toBe(1)
  await orders.comply(world.app, mod, id, { purpose: 'none', words: '' })
  expect((await orders.seeOrder(world.app, mod, id)).state).toBe('complied')
  for (const verb of [() => orders.orders(world.app, ben), () => orders.seeOrder(world.app, ben, id), () => orders.comply(world.app, ben, id, { purpose: 'none', words: '' }), () => orders.testOrder(world.app, ben), () => orders.writeLegalProfile(world.app, mod, { country: 'DE' })]) await expect(verb()).rejects.toMatchObject({ code: 'notAllowed' })
  expect(await verifyAudit(world.app)).toMatchObject({ brokenAt: null })
})

test('contact points are written by the owner, with bad fields named', async () => {
  await expect(orders.writeLegalProfile(world.app, owner, { email: 'nonsense', country: 'Germany' })).rejects.toMatchObject({ problems: [{ field: 'country' }, { field: 'email' }] })
  await orders.writeLegalProfile(world.app, owner, { country: 'de', email: 'law@harbour.example', languages: ['de', 'en'] })
  expect(await orders.legalProfile(world.app)).toMatchObject({ country: 'DE', email: 'law@harbour.example', languages: ['de', 'en'] })
})
