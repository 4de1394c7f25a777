import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { verifyAudit } from '#server/domain/instance/index.ts'
import { deskQueue } from '#server/domain/cases/index.ts'
import type { CaseId } from '#server/domain/cases/index.ts'
import { seeCase } from '#server/domain/desk/index.ts'
import { auditLog, decisionsAboutMe, tellPerson } from '#server/domain/moderation/index.ts'
import { createPost, seePost } from '#server/domain/posts/index.ts'
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
  redress: 'Within a month, before the court of the town.', quietWhy: '', territory: '', grounds: ['incites'], quiet: false, trap: '', ...more,
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

test('an order that names several people keeps the words of all of them as they were when it came, and none of those who moderate among them sees anything of it', async () => {
  const { app } = world
  const [nora, otto] = [await person(app, 'nora'), await person(app, 'otto', { role: 'moderator' })]
  const posts = [await write(nora, 'the first one named'), await write(otto, 'the second, who moderates'), await write(otto, 'and once more')]
  const { orderId } = await receive(draft([urlOf(nora, posts[0]!.id), urlOf(otto, posts[1]!.id), urlOf(otto, posts[2]!.id)].join('\n')))
  await app.database.pool.query("update posts set text = 'changed since' where id = any($1)", [posts.map((one) => one.id)])
  const caseId = (await orders.seeOrder(app, mod, orderId)).caseId!
  const shown = await seeCase(app, owner, caseId as CaseId)
  expect(shown.posts.map((post) => [post.text, post.author?.username])).toEqual([['the first one named', undefined], ['the second, who moderates', 'otto'], ['and once more', 'otto']])
  const [queue, seen] = [await deskQueue(app, otto), await deskQueue(app, owner)]
  expect([queue, seen].map((one) => one.items.some((line) => line.id === caseId))).toEqual([false, true])
  await expect(seeCase(app, otto, caseId as CaseId)).rejects.toMatchObject({ code: 'notFound' })
  const rows = async (who: Account) => (await auditLog(app, who, { caseId })).items.map((row) => row.act)
  expect(await rows(otto)).toEqual([])
  expect(await rows(mod)).toContain('order.receive')
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
  await orders.writeLegalProfile(world.app, owner, { duties: ['DE'] })
  expect(await orders.legalProfile(world.app)).toMatchObject({ country: 'DE', email: 'law@harbour.example', languages: ['de', 'en'], duties: ['DE'] })
})

test('an order that holds in some countries only: withheld there, told there, and nowhere else anything changes; a profile likewise; annulled, it shows again', async () => {
  const eva = await person(world.app, 'eva')
  const post = await write(eva, 'a poster of the Triangle')
  await expect(receive(draft(urlOf(eva, post.id), { kind: 'national', territory: 'Germany' }))).rejects.toMatchObject({ problems: expect.arrayContaining([{ field: 'territory', message: 'error.badCountries' }, expect.objectContaining({ field: 'law' })]) })
  const { orderId, token } = await receive(draft(`${urlOf(eva, post.id)}\n${world.app.config.publicUrl}/@eva`, { kind: 'national', law: 'Section 86', territory: 'de; at', reference: 'AZ 8/26', grounds: [] }))
  expect((await orders.seeOrder(world.app, mod, orderId)).territory).toEqual(['AT', 'DE'])
  await orders.comply(world.app, mod, orderId, { purpose: 'none', words: '', where: 'territory' })
  await world.work()
  const from = (country: string | null, viewer: Account | null) => world.app.place.from(() => country, () => seePost(world.app, viewer, post.id).then(() => 'seen', (error: { code: string; params: object }) => error.code))
  await world.app.changes.settled()
  expect(await Promise.all([from('DE', ben), from('AT', ben), from('FR', ben), from(null, ben), from('DE', eva), from('DE', null)])).toEqual(['withheldHere', 'withheldHere', 'seen', 'seen', 'seen', 'withheldHere'])
  const seen = await orders.seeOrder(world.app, mod, orderId)
  expect([seen.state, seen.doneIn, seen.items.map((one) => [one.now, one.withheldIn])]).toEqual(['complied', ['AT', 'DE'], [['withheld', ['AT', 'DE']], ['withheld', ['AT', 'DE']]]])
  expect(await stateOf(post.id)).toBe('published')
  const told = (await decisionsAboutMe(world.app, eva)).items
  expect(told.map((one) => [one.act, one.territory, one.law])).toEqual([['freeze', ['AT', 'DE'], 'Section 86'], ['remove_post', ['AT', 'DE'], 'Section 86']])
  expect(told[0]!.reason).toContain('Austria and Germany')
  expect((await orders.orderOf(world.app, token)).doneIn).toEqual(['AT', 'DE'])
  await orders.endReview(world.app, mod, orderId, 'annulled')
  await world.app.changes.settled()
  expect(await from('DE', ben)).toBe('seen')
})

test('about terrorist content it can be withheld in all EU states, and pressed twice at once it is done once', async () => {
  const finn = await person(world.app, 'finn')
  const post = await write(finn, 'another poster')
  const { orderId } = await receive(draft(urlOf(finn, post.id), { reference: 'AZ 9/26', territory: 'JP' }))
  const press = () => orders.comply(world.app, mod, orderId, { purpose: 'none', words: '', where: 'territory' }).then(() => 'done', (error: { code: string }) => error.code)
  const pressed = await Promise.all([press(), press(), press()])
  expect(pressed.filter((one) => one === 'done')).toHaveLength(1)
  expect((await orders.seeOrder(world.app, mod, orderId)).doneIn).toHaveLength(27)
  expect((await decisionsAboutMe(world.app, finn)).items).toHaveLength(1)
})

test('silence ends by itself: the author is told then, without anybody doing anything', async () => {
  const gina = await person(world.app, 'gina')
  const post = await write(gina, 'words')
  const { orderId } = await receive(draft(urlOf(gina, post.id), { quiet: true, quietWhy: 'An investigation runs', reference: 'AZ 10/26' }))
  await orders.comply(world.app, mod, orderId, { purpose: 'none', words: '' })
  await world.work()
  const decisionId = (await orders.seeOrder(world.app, mod, orderId)).items[0]!.decisionId!
  const count = async () => (await world.app.database.pool.query("select count(*)::int as n from notifications where account_id = $1 and kind = 'moderation'", [gina.id])).rows[0].n as number
  const { rows: [job] } = await world.app.database.pool.query("select run_at from graphile_worker.jobs where key = $1", [`tellPerson:${decisionId}`])
  expect(Math.round((job.run_at.getTime() - world.app.now().getTime()) / 86_400_000)).toBe(42)
  await tellPerson(world.app, decisionId)
  expect([await count(), (await decisionsAboutMe(world.app, gina)).items.length]).toEqual([0, 0])
  world.later(43 * 86_400_000)
  await tellPerson(world.app, decisionId)
  expect([await count(), (await decisionsAboutMe(world.app, gina)).items.length]).toEqual([1, 1])
})

test('half an hour before the end whoever the contact page names is written to as well; the banner names what runs, not what is about oneself', async () => {
  const post = await write(owner, 'words of the owner')
  const { orderId } = await receive(draft(urlOf(owner, post.id), { reference: 'AZ 11/26' }))
  expect([(await orders.openOrders(world.app, mod)).some((one) => one.id === orderId), (await orders.openOrders(world.app, owner)).some((one) => one.id === orderId)]).toEqual([true, false])
  await expect(orders.openOrders(world.app, ben)).rejects.toMatchObject({ code: 'notAllowed' })
  const letters = async () => (await world.app.database.pool.query("select count(*)::int as n from outbox_mails where to_address = 'law@harbour.example'")).rows[0].n as number
  await orders.alarmOrders(world.app)
  const before = await letters()
  world.later(31 * minute)
  await orders.alarmOrders(world.app)
  expect(await letters()).toBeGreaterThan(before)
  await orders.setAside(world.app, mod, orderId, { as: 'refused', words: 'No such office.' })
})

test('for the record: orders by country and kind, what came of them and how fast; tests count nowhere', async () => {
  const { all, groups } = await orders.orderFigures(world.app, new Date(0), new Date(world.app.now().getTime() + 1000))
  const { rows: [{ n }] } = await world.app.database.pool.query('select count(*)::int as n from orders where not test')
  expect([all.received, groups.reduce((sum, one) => sum + one.received, 0), all.complied + all.refused + all.withdrawn + all.stopped + all.open]).toEqual([n, n, n])
  expect(groups.find((one) => one.kind === 'national')).toMatchObject({ country: 'DE', received: 1, complied: 1, inTime: 1, reinstated: 1, medianMinutes: expect.any(Number) })
  expect(await orders.orderFigures(world.app, new Date(0), new Date(1))).toMatchObject({ all: { received: 0, medianMinutes: null }, groups: [] })
})

test('whatever an authority’s form brings, it is an order with clean fields or a form error, never a failure', async () => {
  const wild = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.constantFrom('', 'DE', 'EU at', '\0', 'x'.repeat(400), 'a@b.example', '2026-02-31', 'http://[', '@ben'))
  const fields = fc.record({ authority: wild, country: wild, contactEmail: wild, reference: wild, issuedOn: wild, addresses: wild, why: wild, law: wild, territory: wild, kind: fc.constantFrom('terrorism', 'national', 'x') })
  await fc.assert(fc.asyncProperty(fields, fc.subarray(['incites', 'nonsense', 'threatens']), fc.boolean(), async (given, ticked, quiet) => {
    const made = await receive(draft('', { ...given, grounds: ticked, quiet, quietWhy: given.why })).catch((error: { code: string }) => error.code)
    if (typeof made === 'string') {
      expect(made).toBe('form')
      return
    }
    const { form, territory } = await orders.seeOrder(world.app, mod, made.orderId)
    expect([form.country, ...territory].every((one) => /^[A-Z]{2}$/.test(one))).toBe(true)
    expect(JSON.stringify(form)).not.toContain('\\u0000')
    expect(form.grounds.every((one) => orders.grounds.includes(one))).toBe(true)
  }), { numRuns: 40 })
})
