import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import { howModerationGoes } from './index.ts'

let world: World
let mod: Account, other: Account, ben: Account, cleo: Account, dora: Account, emil: Account
let number = 0
const hour = 3_600_000
const idOf = (when: Date) => String((BigInt(when.getTime()) << 16n) | BigInt(number++ % 65_536))

/** A Wednesday noon so many weeks ago. */
function ago(weeks: number): Date {
  const day = Math.floor(Date.now() / (24 * hour))
  return new Date((Math.floor((day + 3) / 7) * 7 - 3 + 2 - 7 * weeks) * 24 * hour + 12 * hour)
}
async function report(by: Account, about: Account, when: Date, given: { hours?: number; looked?: number; acted?: boolean; door?: string; decider?: Account } = {}): Promise<void> {
  const { hours, looked = 1, acted = false, door = 'rules', decider = mod } = given
  const decidedAt = hours === undefined ? null : new Date(when.getTime() + hours * hour)
  const caseId = idOf(when)
  const on = world.app.database.queries
  await sql`insert into cases (id, kind, source, subject, account_id, category, clock, due_at, state, outcome, decided_by_id, first_touched_at, decided_at, created_at) values (${caseId}, 'report', 'report', ${caseId}, ${about.id}, 'spam', 'rules', ${when}, ${decidedAt ? 'decided' : 'open'}, ${decidedAt ? acted ? 'acted' : 'dismissed' : null}, ${decidedAt ? decider.id : null}, ${decidedAt ? new Date(when.getTime() + looked * hour) : null}, ${decidedAt}, ${when})`.execute(on)
  await sql`insert into reports (id, case_id, reporter_id, account_id, category, door, state, created_at, decided_at) values (${idOf(when)}, ${caseId}, ${by.id}, ${about.id}, 'spam', ${door}, ${decidedAt ? acted ? 'resolved' : 'dismissed' : 'open'}, ${when}, ${decidedAt})`.execute(on)
}
async function decision(about: Account, when: Date, act = 'warn', reversedBy: Account | null = null): Promise<void> {
  const on = world.app.database.queries
  const [id, back] = [idOf(when), reversedBy ? idOf(new Date(when.getTime() + hour)) : null]
  if (back) await sql`insert into decisions (id, moderator_id, account_id, act, ground, created_at) values (${back}, ${reversedBy!.id}, ${about.id}, 'overturn', 'none', ${when})`.execute(on)
  await sql`insert into decisions (id, moderator_id, account_id, act, ground, strike, reversed_by_id, created_at) values (${id}, ${mod.id}, ${about.id}, ${act}, 'rule', 1, ${back}, ${when})`.execute(on)
}

beforeAll(async () => {
  world = await openWorld()
  mod = await person(world.app, 'mona', { role: 'moderator' })
  other = await person(world.app, 'otto', { role: 'moderator' })
  ben = await person(world.app, 'ben')
  cleo = await person(world.app, 'cleo')
  dora = await person(world.app, 'dora')
  emil = await person(world.app, 'emil')
  // Three weeks ago: answered after 2, 4 and 10 hours, somebody looked after 1, 1 and 3. One is open since then.
  await report(ben, cleo, ago(3), { hours: 2, acted: true })
  await report(ben, cleo, ago(3), { hours: 4, acted: true })
  await report(cleo, ben, ago(3), { hours: 10, looked: 3, acted: true, door: 'illegal', decider: other })
  await report(cleo, dora, ago(3))
  // Five reports of Emil about Dora, and one about the moderator, all without ground.
  for (let n = 0; n < 5; n++) await report(emil, dora, ago(5), { hours: 1 })
  await report(emil, mod, ago(5), { hours: 1, decider: other })
  // Three people against Ben on one day, and nothing was wrong.
  for (const who of [cleo, dora, emil]) await report(who, ben, ago(7), { hours: 1 })
  await decision(cleo, ago(3))
  await decision(cleo, ago(2), 'limit')
  await decision(cleo, ago(2), 'suspend', other)
  await decision(mod, ago(2))
  await decision(mod, ago(2))
  await decision(dora, ago(2))
})
afterAll(() => world?.close())

test('reports, times, what was open and what was taken back are those counted by hand, by the week', async () => {
  const goings = await howModerationGoes(world.app, mod)
  const at = (weeks: number) => 25 - weeks
  expect(goings.weeks.length).toBe(26)
  expect(goings.weeks.at(-1)).toBe(new Date(ago(0).getTime() - 2 * 24 * hour).toISOString().slice(0, 10))
  expect([3, 4, 5, 7].map((weeks) => goings.reports.rules[at(weeks)])).toEqual([3, 0, 6, 3])
  expect(goings.reports.members[at(3)]).toBe(1)
  expect([goings.touched.median[at(3)], goings.decided.median[at(3)], goings.decided.p90[at(3)]]).toEqual([1, 4, expect.closeTo(8.8)])
  expect(goings.touched.median[at(4)]).toBeNull()
  expect([at(4), at(3), at(0)].map((one) => goings.backlog[one])).toEqual([0, 1, 1])
  expect([goings.reversed.made[at(2)], goings.reversed.reversed[at(2)]]).toEqual([5, 1])
})

test('who was decided on more than once, without who looks, and without what was taken back', async () => {
  const { repeat } = await howModerationGoes(world.app, mod)
  expect(repeat.map((one) => [one.account.username, one.decisions, one.weight])).toEqual([['cleo', 2, 2]])
  expect((await howModerationGoes(world.app, other)).repeat.map((one) => one.account.username).toSorted()).toEqual(['cleo', 'mona'])
})

test('reporters who are never right and crowds are found; nobody hears who reported them', async () => {
  const mine = await howModerationGoes(world.app, mod)
  expect(mine.false).toMatchObject([{ account: { username: 'emil' }, decided: 6, upheld: 0, about: 2, mostAbout: { username: 'dora' }, most_about: 5 }])
  expect((await howModerationGoes(world.app, other)).false).toMatchObject([{ decided: 7, about: 3 }])
  expect(mine.crowds).toMatchObject([{ account: { username: 'ben' }, reporters: 3, reports: 3 }])
})

test('what each moderator did in four weeks stands beside the others; members read none of it', async () => {
  const { load } = await howModerationGoes(world.app, mod)
  expect(load.map((one) => [one.account.username, one.decided, one.hours])).toEqual([['mona', 2, 2], ['otto', 1, 7]])
  await expect(howModerationGoes(world.app, ben)).rejects.toMatchObject({ code: 'notAllowed' })
})
