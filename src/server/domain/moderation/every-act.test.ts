import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { addRule, auditPage, verifyAudit } from '#server/domain/instance/index.ts'
import { notificationGroups } from '#server/domain/notifications/index.ts'
import { createPost } from '#server/domain/posts/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import * as moderation from './index.ts'
import { selectDecisionsById } from './queries-decisions.ts'
import { aboutPost } from './read-decision.ts'

let world: World
let owner: Account
let ruleId: string
beforeAll(async () => {
  world = await openWorld()
  owner = await person(world.app, 'olga', { role: 'owner' })
  ruleId = await addRule(world.app, owner, { text: 'Be kind', translations: { ar: { text: 'كن لطيفًا' } } })
})
afterAll(() => world?.close())

/** An Arabic-speaking member with a proven address, a profile, a picture that waits or is shown, and a post. */
async function somebody(name: string, act: string): Promise<{ who: Account; postId: string }> {
  const { app } = world
  const who = { ...await person(app, name, { displayName: 'Personal Name' }), locale: 'ar' as const }
  const on = app.database.queries
  await sql`insert into credentials (account_id, email, email_key, email_confirmed_at) values (${who.id}, ${`${name}@town.example`}, ${`${name}@town.example`}, now())`.execute(on)
  await sql`update accounts set locale = 'ar', avatar_state = ${act === 'refuse_avatar' ? 'pending' : 'shown'} where id = ${who.id}`.execute(on)
  return { who, postId: (await createPost(app, who, { text: 'something unkind https://a.example', audience: 'members' })).id }
}

const harder = moderation.acts.filter((act) => !moderation.isGentle(act))

test.each(harder)('whoever is decided on by “%s” reads a whole statement of reasons, hears of it in the place and by mail, in their language', async (act) => {
  const { app, work } = world
  const { who, postId } = await somebody(`m_${act}`.slice(0, 28), act)
  const decisionId = await moderation.decide(app, owner, { accountId: who.id, ...aboutPost.has(act) ? { postId } : {} }, { act, reason: 'لأنه يؤذي الناس', ruleId, explanation: 'The words attack somebody.', label: 'Unkind' })
  await work()
  // What Article 17(3) lists: the restriction and its reach, facts, automation, ground and why, redress.
  const [row] = await selectDecisionsById(app.database.queries, [decisionId])
  expect(row).toMatchObject({ act, ground: 'rule', rule_id: ruleId, reason: 'لأنه يؤذي الناس', explanation: 'The words attack somebody.', automated: false, detected_by_machine: false, machine_share: 'NOT_AUTOMATED', source_type: 'VOLUNTARY' })
  expect(row!.facts).not.toBe('')
  expect(row!.facts).not.toContain('Personal')
  expect(row!.case_id).not.toBeNull()
  const statement = moderation.dsaStatement(row!, 'Be kind')
  if (act === 'warn') expect(statement).toBeNull()
  else {
    expect(statement).toMatchObject({ decision_ground: 'DECISION_GROUND_INCOMPATIBLE_CONTENT', incompatible_content_ground: 'Be kind', incompatible_content_explanation: 'The words attack somebody.', automated_detection: 'No', automated_decision: 'AUTOMATED_DECISION_NOT_AUTOMATED', source_type: 'SOURCE_VOLUNTARY', puid: `hearth-${decisionId}` })
    expect(Object.keys(statement!).some((key) => ['decision_visibility', 'decision_account', 'decision_provision'].includes(key))).toBe(true)
  }
  expect((await auditPage(app, { act: `decision.${act}`, aboutId: who.id }, {})).items[0]?.details).toMatchObject({ decision: decisionId })
  const letters = async () => app.database.queries.selectFrom('outbox_mails').select(['subject', 'body_text']).where('to_address', '=', `${who.username}@town.example`).execute()
  if (act === 'delete_account') {
    // Nobody can sign in any more: the letter is the statement.
    const [letter] = await letters()
    for (const words of ['لأنه يؤذي الناس', 'كن لطيفًا', 'The words attack somebody.']) expect(letter?.body_text).toContain(words)
    return
  }
  const view = await moderation.decisionAboutMe(app, who, decisionId)
  expect(view).toMatchObject({ rule: { text: 'كن لطيفًا' }, moderator: null, note: '' })
  expect(view.appealUntil).not.toBeNull()
  // Who is suspended sees nothing but their standing; there it is.
  if (act !== 'suspend' && act !== 'freeze') expect((await notificationGroups(app, who, {}, 'all')).items.some((one) => one.kind === 'moderation')).toBe(true)
  await moderation.mailDecision(app, decisionId)
  expect((await letters()).some((one) => one.subject.includes('قرار') && one.body_text.includes(`/standing/${decisionId}`))).toBe(true)
})

test('a suspension from the command line is a decision like others: with its statement, a notice, a way to object, and on record', async () => {
  const { app, work } = world
  const { who } = await somebody('by_command', 'suspend')
  const id = await moderation.decideByCommand(app, who.id, 'suspend', { reason: 'It was spam.', endsAt: null })
  await work()
  const suspended = { ...who, state: 'suspended' as const }
  expect(await moderation.decisionAboutMe(app, suspended, id)).toMatchObject({ act: 'suspend', reason: 'It was spam.', reversed: false, automated: false })
  expect((await moderation.decisionAboutMe(app, suspended, id)).appealUntil).not.toBeNull()
  expect((await moderation.ownStanding(app, suspended)).counting).toMatchObject([{ id, act: 'suspend', weight: 3 }])
  expect((await auditPage(app, { actorKind: 'command' }, {})).items[0]).toMatchObject({ act: 'decision.suspend', subjectId: who.id })
  await moderation.decideByCommand(app, who.id, 'unsuspend')
  expect((await moderation.decisionAboutMe(app, who, id)).reversed).toBe(true)
  expect((await moderation.ownStanding(app, who)).counting).toEqual([])
  await expect(moderation.decideByCommand(app, who.id, 'unsuspend')).rejects.toMatchObject({ code: 'alreadySo' })
})

test('who asked to join hears by letter that they are in, or why not; the record refers to the words and doesn’t hold them', async () => {
  const { app } = world
  const asks = async (name: string) => {
    const { who } = await somebody(name, 'warn')
    await sql`update accounts set state = 'pending', join_reason = 'please' where id = ${who.id}`.execute(app.database.queries)
    return who.id
  }
  await moderation.approveMember(app, owner, await asks('joins'))
  await moderation.refuseMember(app, owner, await asks('waits'), 'We know your secret name')
  const letters = await app.database.queries.selectFrom('outbox_mails').select(['to_address', 'body_text', 'kind']).where('kind', 'in', ['joinApproved', 'joinRefused']).execute()
  expect(letters.map((one) => one.kind).toSorted()).toEqual(['joinApproved', 'joinRefused'])
  expect(letters.find((one) => one.kind === 'joinRefused')?.body_text).toContain('We know your secret name')
  const [refused] = (await auditPage(app, { act: 'account.refuse' }, {})).items
  expect(JSON.stringify(refused)).not.toContain('secret')
  expect(refused?.details['case']).toMatch(/^\d+$/)
  expect(await verifyAudit(app)).toMatchObject({ brokenAt: null })
})
