import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { auditPage, changeSettings } from '#server/domain/instance/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import { spanOfYear } from './report.ts'
import * as transparency from './index.ts'

let world: World
let owner: Account, mod: Account, ben: Account
/** the year that is over, whichever that is */
const year = new Date().getUTCFullYear() - 1
const at = (month: number, day: number, hour = 0) => new Date(Date.UTC(year, month - 1, day, hour))

let number = 0
/** An id of that moment, different from all others. */
const idOf = (when: Date) => String((BigInt(when.getTime()) << 16n) | BigInt(number++ % 65_536))

type Case = { source?: string; outcome?: string | null; decidedAt?: Date | null }
async function makeCase(when: Date, { source = 'report', outcome = null, decidedAt = null }: Case): Promise<string> {
  const id = idOf(when)
  await sql`insert into cases (id, kind, source, subject, account_id, category, clock, due_at, state, outcome, decided_at, created_at) values (${id}, ${source === 'screening' ? 'hold' : 'report'}, ${source}, ${id}, ${ben.id}, 'spam', 'rules', ${when}, ${decidedAt ? 'decided' : 'open'}, ${outcome}, ${decidedAt}, ${when})`.execute(world.app.database.queries)
  return id
}
/** So many reports of one kind, each answered after so many hours (null: not yet). */
async function reports(count: number, about: { when: Date; door?: string; category: string; outside?: boolean; hours?: number | null; state?: string }): Promise<void> {
  for (let n = 0; n < count; n++) {
    const { when, door = 'rules', category, outside = false, hours = 2, state = 'resolved' } = about
    const id = idOf(when)
    const caseId = await makeCase(when, {})
    await sql`insert into reports (id, case_id, reporter_id, account_id, category, door, token_hash, state, created_at, decided_at) values (${id}, ${caseId}, null, ${ben.id}, ${category}, ${door}, ${outside ? Buffer.from(id) : null}, ${hours === null ? 'open' : state}, ${when}, ${hours === null ? null : new Date(when.getTime() + hours * 3_600_000)})`.execute(world.app.database.queries)
  }
}
async function decisions(count: number, about: { when: Date; act: string; category?: string; law?: boolean; source?: string; automated?: boolean; noticed?: boolean; caseSource?: string; undone?: boolean }): Promise<string[]> {
  const ids: string[] = []
  for (let n = 0; n < count; n++) {
    const { when, act, category = 'spam', law = false, source = 'VOLUNTARY', automated = false, noticed = false, caseSource = 'community', undone = false } = about
    const id = idOf(when)
    const caseId = await makeCase(when, { source: caseSource })
    await sql`insert into decisions (id, account_id, act, ground, category, source_type, automated, detected_by_machine, machine_share, case_id, law, explanation, reason, facts, undone_at, created_at) values (${id}, ${ben.id}, ${act}, ${law ? 'law' : 'rule'}, ${category}, ${source}, ${automated}, ${noticed},
      ${automated ? 'FULLY' : noticed ? 'PARTIALLY' : 'NOT_AUTOMATED'}, ${caseId}, ${law ? 'Penal Code, §1' : ''}, 'It names no one.', 'Dear Ben Personal', 'A post was removed.', ${undone ? when : null}, ${when})`.execute(world.app.database.queries)
    ids.push(id)
  }
  return ids
}

beforeAll(async () => {
  world = await openWorld()
  owner = await person(world.app, 'olga', { role: 'owner' })
  mod = await person(world.app, 'mona', { role: 'moderator' })
  ben = await person(world.app, 'ben')
  await sql`update accounts set locale = 'ar' where id = ${mod.id}`.execute(world.app.database.queries)
  // What came in: 7 + 6 + 5 for the rules, 6 by members and 5 from outside for the law.
  await reports(7, { when: at(1, 2), category: 'harassment', hours: 2 })
  await reports(6, { when: at(2, 2), category: 'hatred', hours: 10, state: 'dismissed' })
  await reports(5, { when: at(3, 2), category: 'spam', hours: null })
  await reports(6, { when: at(4, 2), category: 'privacy', door: 'illegal', hours: 1 })
  await reports(5, { when: at(5, 2), category: 'privacy', door: 'illegal', outside: true, hours: 3 })
  // One of the year before, one of the year after.
  await reports(1, { when: new Date(at(1, 1).getTime() - 1), category: 'other', hours: null })
  await reports(1, { when: new Date(Date.UTC(year + 1, 0, 1)), category: 'other', hours: null })
  // A notice about three posts is one notice; what a report for the rules names isn't told.
  for (const [door, posts] of [['illegal', 3], ['rules', 4]] as const) await sql`insert into report_posts (report_id, post_id) select r.id, n from (select id from reports where door = ${door} order by id limit 1) r, generate_series(1, ${posts}::int) n`.execute(world.app.database.queries)
  // What was done: on reports 8 + 5, by themselves for the rules 9 (5 noticed by rules) and for the law 7; slips and gifts count nowhere.
  await decisions(8, { when: at(1, 3), act: 'remove_post', category: 'harassment', source: 'TYPE_OTHER_NOTIFICATION', caseSource: 'report' })
  const warned = await decisions(5, { when: at(4, 3), act: 'warn', category: 'privacy', law: true, source: 'ARTICLE_16', caseSource: 'outside' })
  await decisions(5, { when: at(6, 3), act: 'remove_post', noticed: true, caseSource: 'screening' })
  await decisions(4, { when: at(6, 4), act: 'remove_post' })
  await decisions(6, { when: at(7, 3), act: 'suspend', category: 'violence', law: true })
  await decisions(3, { when: at(7, 4), act: 'remove_post', law: true, caseSource: 'order' })
  await decisions(2, { when: at(7, 5), act: 'suspend', undone: true })
  await decisions(4, { when: at(7, 6), act: 'unsuspend' })
  // Nobody may hear of this one yet: it is a figure, and no statement.
  const [quiet] = await decisions(1, { when: at(7, 3), act: 'suspend', category: 'violence', law: true })
  await sql`update decisions set quiet_until = ${new Date(Date.UTC(year + 2, 0, 1))} where id = ${quiet!}`.execute(world.app.database.queries)
  // What rules put on the desk: 5 right, 15 wrong.
  for (let n = 0; n < 20; n++) await makeCase(at(6, 1), { source: 'screening', outcome: n < 5 ? 'acted' : 'dismissed', decidedAt: at(6, 2) })
  for (let n = 0; n < 9; n++) await sql`insert into audit_log (id, actor_kind, act, subject_kind, subject_id, details, created_at, previous_hash, hash) values (${idOf(at(6, 1))}, 'program', 'screening.outcome', 'post', '1', ${JSON.stringify({ outcome: n < 7 ? 'hold' : 'refuse' })}::jsonb, ${at(6, 1)}, '\\x00', ${Buffer.from(`row ${n}`)})`.execute(world.app.database.queries)
  // Objections of five: 5 upheld after 24 hours. One order from each of two countries.
  for (const id of warned) {
    const caseId = await makeCase(at(5, 1), { source: 'appeal' })
    await sql`insert into appeals (id, case_id, decision_id, account_id, text, state, decided_at, created_at) values (${idOf(at(5, 1))}, ${caseId}, ${id}, ${ben.id}, 'No', 'upheld', ${at(5, 2)}, ${at(5, 1)})`.execute(world.app.database.queries)
  }
  for (const country of ['de', 'fr']) await sql`insert into orders (id, kind, state, token_hash, form, reference, country, received_at, due_at, done_at) values (${idOf(at(7, 1))}, 'terrorism', 'complied', ${Buffer.from(country)}, '{}', 'r', ${country}, ${at(7, 1)}, ${at(7, 1, 1)}, ${at(7, 1, 1)})`.execute(world.app.database.queries)
}, 60_000)
afterAll(() => world?.close())

test('a year’s figures are what was counted by hand', async () => {
  const report = await transparency.transparencyReport(world.app, year)
  expect(report).toMatchObject({ year, from: `${year}-01-01`, through: `${year}-12-31`, final: true })
  expect(report.received.rules).toMatchObject({ total: 18, parts: { harassment: 7, hatred: 6, spam: 5, privacy: 0 } })
  expect(report.received.law).toMatchObject({ total: 11, parts: { privacy: 11, spam: 0 } })
  expect(report.received.lawItems).toBe(13)
  expect(report.received.lawBy).toEqual({ total: 11, parts: { members: 6, outsiders: 5 } })
  expect(report.answered.rules).toEqual({ outcomes: { total: 13, parts: { acted: 7, dismissed: 6 } }, times: { median: 2, p90: 10 }, medians: { harassment: 2, hatred: 10 } })
  expect(report.answered.law).toMatchObject({ outcomes: { total: 11, parts: { acted: 11, dismissed: 0 } }, times: { median: 1, p90: 3 } })
  expect(report.done.notices).toMatchObject({ acts: { total: 13, parts: { remove_post: 8, warn: 5 } }, grounds: { parts: { law: 5, rules: 8 } }, categories: { parts: { harassment: 8, privacy: 5 } } })
  expect(report.done.own).toMatchObject({ acts: { total: 16, parts: { remove_post: 9, suspend: 7, warn: 0 } }, grounds: { parts: { law: 7, rules: 9 } } })
  expect(report.automation).toMatchObject({ how: { total: 16, parts: { alone: 0, noticed: 5, person: 11 } }, judged: { total: 20, parts: { right: 5, wrong: 15 } }, wrongShare: 0.75, outcomes: { total: 9, parts: { hold: null, refuse: null, flag: 0 } } })
  expect(report.objections.authors).toEqual({ received: 5, answered: { total: 5, parts: { upheld: 5, partly: 0, overturned: 0 } }, overturnedShare: 0, median: 24 })
  expect(report.orders).toEqual({ countries: { total: null, parts: null }, states: { total: null, parts: null }, items: null, minutes: null })
  expect(report.staff).toEqual({ people: 2, languages: ['ar', 'en'] })
})

test('of this year only the months that are over are told, and it says so', () => {
  expect(spanOfYear(2026, new Date('2026-11-30T12:00:00Z'))).toEqual({ year: 2026, from: '2026-01-01', through: '2026-10-31', final: false })
  expect(spanOfYear(2026, new Date('2026-01-31T23:59:59Z'))).toBeNull()
  expect(spanOfYear(2026, new Date('2027-01-01T00:00:00Z'))).toEqual({ year: 2026, from: '2026-01-01', through: '2026-12-31', final: true })
})

test('the years begin with the first thing that was counted; others are not there', async () => {
  const years = (await transparency.reportYears(world.app)).map((one) => one.year)
  expect(years.slice(-2)).toEqual([year, year - 1])
  await expect(transparency.transparencyReport(world.app, year - 5)).rejects.toMatchObject({ code: 'notFound' })
})

test('the EU’s tables carry the same numbers, and say why a cell is empty', async () => {
  const report = await transparency.transparencyReport(world.app, year)
  const table = (part: transparency.TemplatePart) => transparency.templateCsv(report, part, 'Harbour, by the sea').split('\r\n')
  const [head, total, ...rows] = table('4_notices')
  expect(head?.split(',').slice(0, 4)).toEqual(['Applicability', 'Service', 'Reporting period', 'Category of illegal content'])
  expect(total).toContain(`"Harbour, by the sea",${year}-01-01/${year}-12-31,TOTAL,,11,,13,,1,,5,,8,,`)
  expect(rows.find((row) => row.includes('STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS,'))).toContain('VIOLATIONS,,11,')
  expect(table('5_own_initiative_illegal')[1]).toMatch(/,TOTAL,,7,0,0,0,0,0,0,0,0,0,0,0,0,0,7,0,/)
  expect(table('6_own_initiative_TC')[1]).toMatch(/,TOTAL,,9,0,9,0,0,/)
  expect(table('7_appeals_and_recidivism').filter((row) => row.includes('restrict visibility')).map((row) => row.split(',').slice(-3))).toEqual([['Total number', '5', ''], ['Decisions upheld', '5', ''], ['Decisions partially reversed', '0', ''], ['Decisions reversed', '0', ''], ['Median time', '24', 'In hours']])
  expect(table('8_automated_means').find((row) => row.includes('Precision'))).toContain(',0.25,')
  expect(table('3_member_states_orders')[1]).toContain('Fewer than 5')
  for (const part of transparency.templateParts) {
    const lines = table(part).filter(Boolean)
    const columns = (line: string) => line.replaceAll(/"(?:[^"]|"")*"/g, 'x').split(',').length
    expect(new Set(lines.map(columns)).size, part).toBe(1)
  }
})

test('statements are rows of the public database’s fields, without what was said to the person; for admins, on record', async () => {
  await expect(transparency.statementsOf(world.app, mod, year)).rejects.toMatchObject({ code: 'notAllowed' })
  let text = ''
  for await (const part of await transparency.statementsOf(world.app, owner, year)) text += part
  const [head, ...rows] = text.trim().split('\r\n')
  expect(head).toMatch(/^decision_visibility,decision_account,.*,puid$/)
  // 8 removals on reports, 9 by themselves, 6 suspensions; warnings restrict nothing, orders need no statement, slips are none.
  expect(rows.length).toBe(23)
  expect(text).not.toContain('Personal')
  expect(rows.filter((row) => row.includes('DECISION_ACCOUNT_SUSPENDED')).length).toBe(6)
  expect(rows.every((row) => /hearth-\d+$/.test(row))).toBe(true)
  expect((await auditPage(world.app, { act: 'statements.export' }, {})).items.length).toBe(1)
})

test('the owner closes the page, and writes above it in their own words', async () => {
  expect(await transparency.transparencyPage(world.app)).toEqual({ open: true, words: '' })
  await changeSettings(world.app, owner, { transparency: false, transparencyWords: 'We are **four** people.' })
  const page = await transparency.transparencyPage(world.app)
  expect(page.open).toBe(false)
  expect(page.words).toContain('<strong>four</strong>')
})
