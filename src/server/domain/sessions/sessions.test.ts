import { TOTP, Secret } from 'otpauth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { changeSettings } from '#server/domain/instance/index.ts'
import { createInvitation, findInvitation, revokeInvitation, takeInvitation } from '#server/domain/invitations/index.ts'
import { findAccount, findAccountByUsername } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { beginTotp, changePassword, checkPassword, confirmAgain, confirmEmail, confirmTotp, createMember, deleteAccount, forgetEnded, makeRecoveryCodes, passSecondStep, removeTotp, requestPasswordReset, resetPassword, revokeSession, securityOf, sessionsOf, setEmail, signIn, signUp, viewerFromSession } from './index.ts'
import { createAccessToken, viewerFromToken } from '#server/domain/apps/index.ts'

let world: World
let owner: Account
beforeAll(async () => {
  world = await openWorld()
  owner = await person(world.app, 'mara', { role: 'owner' })
  await changeSettings(world.app, owner, { joinMode: 'open' })
})
afterAll(() => world.close())

const password = 'three warm loaves of bread'
const from = { userAgent: 'a test', address: '127.0.0.1' }
const join = (username: string, more: Partial<Parameters<typeof signUp>[1]> = {}) => signUp(world.app, { username, password, consent: true, locale: 'en', ...from, ...more })
const account = async (id: string) => (await findAccount(world.app, id))!
const codeOf = (work: Promise<unknown>) => work.then(() => 'done', (error: { code?: string; problems?: { message: string }[] }) => error.problems?.[0]?.message ?? error.code)
const token = (result: Awaited<ReturnType<typeof signIn>>) => ('session' in result ? result.session.token : '')

describe('joining', () => {
  test('a newcomer is signed in at once', async () => {
    const { session, state } = await join('tomas')
    expect(state).toBe('active')
    expect((await viewerFromSession(world.app, session.token))?.viewer.username).toBe('tomas')
  })
  test('a name that is taken, looks like another or mixes scripts is refused by name', async () => {
    expect(await codeOf(join('Tomas'))).toBe('error.usernameTaken')
    expect(await codeOf(join('t0mas'))).toBe('error.usernameLookAlike')
    expect(await codeOf(join('tоmas'))).toBe('error.usernameScripts') // a Cyrillic о
    expect(await codeOf(join('admin'))).toBe('error.usernameReserved')
  })
  test('nobody joins without agreeing to the rules, or with a password from the lists', async () => {
    expect(await codeOf(join('olga', { consent: false }))).toBe('error.consentNeeded')
    expect(await codeOf(join('olga', { password: 'password123' }))).toBe('error.passwordCommon')
    expect(await codeOf(join('olga', { password: 'short' }))).toBe('error.passwordShort')
    expect(checkPassword('lindqvist99', 'lindqvist')?.message).toBe('error.passwordIsName')
    for (const guess of ['1234567890', 'qwertyuiop', 'P@ssw0rd123', 'iloveyou2024', '2024iloveyou', 'aaaaaaaaaaaa', 'abcabcabcabc', 'poiuytrewq', 'Welcome12345!', '  password  ', 'йцукенгшщзх', 'liverpoolfc1']) expect(checkPassword(guess)?.message, guess).toBe('error.passwordCommon')
    for (const fine of [password, 'ملح وخبز وزيت', '!@#$%^&*()_+', 'kaffe-och-bulle', '四つの暖かいパンを焼く朝']) expect(checkPassword(fine), fine).toBeNull()
  })
  test('where newcomers are approved they wait, and must say why', async () => {
    await changeSettings(world.app, owner, { joinMode: 'approval' })
    expect(await codeOf(join('bram'))).toBe('error.reasonNeeded')
    const { accountId, state } = await join('bram', { reason: 'I keep bees' })
    expect(state).toBe('pending')
    expect((await account(accountId)).state).toBe('pending')
    await changeSettings(world.app, owner, { joinMode: 'open' })
  })
  test('an invitation lets one person in, even when two come at the same moment', async () => {
    await changeSettings(world.app, owner, { joinMode: 'invitation' })
    expect(await codeOf(join('leila'))).toBe('joinByInvitation')
    const { code } = await createInvitation(world.app, owner, { days: 7, maxUses: 1 })
    const results = await Promise.all(['leila', 'kofi'].map((name) => codeOf(join(name, { invitation: (tx) => takeInvitation(world.app, tx, code) }))))
    expect(results.sort()).toEqual(['done', 'invitationGone'])
    expect(await findInvitation(world.app, code)).toBeNull()
    await changeSettings(world.app, owner, { joinMode: 'open' })
  })
  test('an ended or revoked invitation is as unknown as one that never was', async () => {
    const ended = await createInvitation(world.app, owner, { days: 1, maxUses: null })
    const revoked = await createInvitation(world.app, owner, { days: null, maxUses: null })
    await revokeInvitation(world.app, owner, revoked.id)
    expect(await findInvitation(world.app, revoked.code)).toBeNull()
    expect(await findInvitation(world.app, ended.code)).not.toBeNull()
    world.later(2 * 86_400_000)
    expect(await findInvitation(world.app, ended.code)).toBeNull()
    expect(await findInvitation(world.app, 'nosuchcode')).toBeNull()
  })
})

describe('signing in', () => {
  test('a wrong password and an unknown name get the same answer', async () => {
    expect(await codeOf(signIn(world.app, { login: 'tomas', password: 'not this one', ...from }))).toBe('signInFailed')
    expect(await codeOf(signIn(world.app, { login: 'nobody_at_all', password: 'not this one', ...from }))).toBe('signInFailed')
    expect(token(await signIn(world.app, { login: 'TOMAS', password, ...from }))).not.toBe('')
  })
  test('a changed password ends the apps, too, unless the member keeps them', async () => {
    const here = await viewerFromSession(world.app, token(await signIn(world.app, { login: 'tomas', password, ...from })))
    const { accessToken } = await createAccessToken(world.app, here!.viewer, 'read')
    await changePassword(world.app, here!.viewer, here!.sessionId, password, 'a quite different sentence', { keepApps: true })
    expect((await viewerFromToken(world.app, accessToken))?.viewer?.username).toBe('tomas')
    await changePassword(world.app, here!.viewer, here!.sessionId, 'a quite different sentence', password)
    expect(await viewerFromToken(world.app, accessToken)).toBeNull()
  })
  test('a changed password ends the other browsers, not this one', async () => {
    const here = await viewerFromSession(world.app, token(await signIn(world.app, { login: 'tomas', password, ...from })))
    const elsewhere = token(await signIn(world.app, { login: 'tomas', password, ...from }))
    await changePassword(world.app, here!.viewer, here!.sessionId, password, 'a quite different sentence')
    expect(await viewerFromSession(world.app, elsewhere)).toBeNull()
    expect((await sessionsOf(world.app, here!.viewer, here!.sessionId)).map((one) => one.current)).toEqual([true])
    await changePassword(world.app, here!.viewer, here!.sessionId, 'a quite different sentence', password)
  })
  test('the second step takes each code once, and a recovery code once', async () => {
    const { accountId } = await join('priya')
    const priya = await account(accountId)
    const { secret } = await beginTotp(world.app, priya)
    const code = () => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: world.app.now().getTime() })
    const recovery = await confirmTotp(world.app, priya, code())
    expect(recovery).toHaveLength(10)
    const ticket = async () => { const result = await signIn(world.app, { login: 'priya', password, ...from }); return 'secondStep' in result ? result.secondStep : '' }
    expect(await codeOf(passSecondStep(world.app, await ticket(), code(), 'a test'))).toBe('codeWrong') // used to switch it on
    world.later(30_000)
    const first = await ticket()
    expect(await codeOf(passSecondStep(world.app, first, '000000', 'a test'))).toBe('codeWrong')
    expect((await passSecondStep(world.app, first, code(), 'a test')).token).toHaveLength(43)
    expect(await codeOf(passSecondStep(world.app, await ticket(), code(), 'a test'))).toBe('codeWrong')
    expect((await passSecondStep(world.app, await ticket(), recovery[0]!, 'a test')).token).toHaveLength(43)
    expect(await codeOf(passSecondStep(world.app, await ticket(), recovery[0]!, 'a test'))).toBe('codeWrong')
  })
  test('a browser left open can’t switch the second step off, renew its codes or move the address without the password', async () => {
    const priya = (await findAccountByUsername(world.app, 'priya'))!
    expect(await codeOf(beginTotp(world.app, priya))).toBe('secondStepIsOn')
    expect(await codeOf(removeTotp(world.app, priya, 'not this one at all'))).toBe('error.passwordWrong')
    expect(await codeOf(makeRecoveryCodes(world.app, priya, 'not this one at all'))).toBe('error.passwordWrong')
    expect(await codeOf(setEmail(world.app, priya, 'thief@example.org', 'not this one at all'))).toBe('error.passwordWrong')
    expect((await securityOf(world.app, priya)).totp).toBe(true)
    await removeTotp(world.app, priya, password)
    expect(token(await signIn(world.app, { login: 'priya', password, ...from }))).not.toBe('')
  })
  test('guessing is slowed for an account however its name is written, and unknown names alike', async () => {
    const slow = await openWorld({ HEARTH_RATE_LIMIT_SCALE: '1' })
    try {
      await slow.app.database.inTransaction((tx) => createMember(slow.app, tx, { username: 'tomas', password }))
      for (const name of ['tomas', 'nobody_here']) {
        const ways = [name, name.toUpperCase(), `@${name}`, name.replace(/[a-z]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0))]
        const answers: unknown[] = []
        for (let at = 0; at < 13; at++) answers.push(await codeOf(signIn(slow.app, { login: ways[name === 'tomas' ? at % 4 : 0]!, password: 'a guess or two', userAgent: '', address: `10.0.0.${at}` })))
        expect(answers).toEqual([...Array.from({ length: 12 }, () => 'signInFailed'), 'tooMany'])
      }
    } finally { await slow.close() }
  })
  test('an unknown name takes as long as a wrong password', async () => {
    const time = async (login: string) => { const began = performance.now(); await codeOf(signIn(world.app, { login, password: 'not this one', ...from })); return performance.now() - began }
    const best = async (login: string) => Math.min(await time(login), await time(login), await time(login), await time(login), await time(login))
    const [known, unknown] = [await best('tomas'), await best('nobody_at_all')]
    expect(unknown).toBeGreaterThan(known * 0.2)
  })
  test('ids that are none change nothing', async () => {
    const tomas = (await findAccountByUsername(world.app, 'tomas'))!
    await revokeSession(world.app, tomas, "1'; drop table sessions")
    await revokeInvitation(world.app, owner, 'all of them')
  })
  test('what PostgreSQL can’t hold is no name, address or invitation, and no crash', async () => {
    for (const odd of ['\0', 'a\0b@example.org', '\ud800', 'x'.repeat(100_000), 'ab\ud800@example.org']) {
      expect(await codeOf(signIn(world.app, { login: odd, password: odd, ...from })), JSON.stringify(odd.slice(0, 20))).toBe('signInFailed')
      expect(await findInvitation(world.app, odd)).toBeNull()
      expect(await codeOf(join('odd_one', { email: odd }))).toBe('error.badEmail')
      expect(await codeOf(join('odd_one', { invitation: (tx) => takeInvitation(world.app, tx, odd) }))).toBe('invitationGone')
      expect(await codeOf(requestPasswordReset(world.app, odd, '127.0.0.1'))).toBe('error.badEmail')
      expect(await viewerFromSession(world.app, odd)).toBeNull()
      expect(await viewerFromToken(world.app, odd)).toBeNull()
    }
    await changeSettings(world.app, owner, { joinMode: 'approval' })
    expect((await join('odd_reason', { reason: 'bees\0\ud800', userAgent: '\0\ud800' })).state).toBe('pending')
    await changeSettings(world.app, owner, { joinMode: 'open' })
  })
  test('a session ends by itself after its time', async () => {
    const mine = token(await signIn(world.app, { login: 'tomas', password, ...from }))
    expect(await viewerFromSession(world.app, mine)).not.toBeNull()
    world.later(91 * 86_400_000)
    expect(await viewerFromSession(world.app, mine)).toBeNull()
    await forgetEnded(world.app)
    expect(await world.app.database.queries.selectFrom('sessions').select('id').where('expires_at', '<', world.app.now()).execute()).toEqual([])
  })
})

describe('mail', () => {
  const links = async (kind: string) => (await world.app.database.queries.selectFrom('outbox_mails').select('body_text').where('kind', '=', kind).orderBy('id', 'desc').execute()).map((mail) => /token=([\w-]+)/.exec(mail.body_text)![1]!)
  test('a reset link works once, ends every session and is sent only to known addresses', async () => {
    await join('claire', { email: 'claire@example.org' })
    await confirmEmail(world.app, (await links('confirm'))[0]!)
    await requestPasswordReset(world.app, 'nobody@example.org', '127.0.0.1')
    await world.work()
    expect(await links('reset')).toHaveLength(0)
    await requestPasswordReset(world.app, 'Claire@Example.org', '127.0.0.1')
    await world.work()
    const program = await createAccessToken(world.app, (await findAccountByUsername(world.app, 'claire'))!, 'read')
    const [link] = await links('reset')
    expect(await codeOf(resetPassword(world.app, link!, 'password123'))).toBe('error.passwordCommon')
    await resetPassword(world.app, link!, 'bread before sunrise')
    expect(await codeOf(resetPassword(world.app, link!, 'bread after sunrise'))).toBe('linkGone')
    expect(await viewerFromToken(world.app, program.accessToken)).toBeNull()
    expect(token(await signIn(world.app, { login: 'claire@example.org', password: 'bread before sunrise', ...from }))).not.toBe('')
  })
  test('nobody’s mailbox is filled by asking again and again', async () => {
    const slow = await openWorld({ HEARTH_RATE_LIMIT_SCALE: '1' })
    try {
      await slow.app.database.inTransaction((tx) => createMember(slow.app, tx, { username: 'tomas', password, email: 'tomas@example.org' }))
      for (let at = 0; at < 6; at++) await requestPasswordReset(slow.app, 'tomas@example.org', `10.0.0.${at}`)
      await slow.work()
      expect(await slow.app.database.queries.selectFrom('outbox_mails').select('id').execute()).toHaveLength(3)
    } finally { await slow.close() }
  })
  test('where addresses are confirmed, a newcomer waits for the letter and may ask for it again', async () => {
    await changeSettings(world.app, owner, { emailMode: 'confirmed' })
    expect(await codeOf(join('hana'))).toBe('error.emailNeeded')
    const { code } = await createInvitation(world.app, owner, { days: 7, maxUses: 5 })
    const { accountId, state } = await join('hana', { email: 'hana@example.org', invitation: (tx) => takeInvitation(world.app, tx, code) })
    expect(state).toBe('pending')
    await confirmAgain(world.app, await account(accountId))
    const [second, first] = await links('confirm')
    expect(second).not.toBe(first)
    await confirmEmail(world.app, second!)
    expect((await account(accountId)).state).toBe('active')
    await world.work()
    // Who was invited follows who invited them.
    expect(await world.app.database.queries.selectFrom('follows').select('followed_id').where('follower_id', '=', accountId).execute()).toEqual([{ followed_id: owner.id }])
    expect(await codeOf(join('hana2', { email: 'HANA@example.org' }))).toBe('error.emailTaken')
    await changeSettings(world.app, owner, { emailMode: 'optional' })
  })
  test('a confirmed address doesn’t let in who waits for a moderator', async () => {
    await changeSettings(world.app, owner, { emailMode: 'confirmed', joinMode: 'approval' })
    const { accountId } = await join('nils', { email: 'nils@example.org', reason: 'I keep bees' })
    await confirmEmail(world.app, (await links('confirm'))[0]!)
    expect((await account(accountId)).state).toBe('pending')
    await changeSettings(world.app, owner, { emailMode: 'optional', joinMode: 'open' })
  })
})

test('a token speaks for its account with its scopes, and not when the account is suspended', async () => {
  const { accountId } = await join('juergen')
  const made = await createAccessToken(world.app, await account(accountId), 'read write:statuses')
  const found = await viewerFromToken(world.app, made.accessToken)
  expect([found?.viewer?.username, [...found!.scopes]]).toEqual(['juergen', ['read', 'write:statuses']])
  expect(await codeOf(createAccessToken(world.app, await account(accountId), 'read everything'))).toBe('unknownScope')
  await world.app.database.queries.updateTable('accounts').set({ state: 'suspended' }).where('id', '=', accountId).execute()
  expect(await viewerFromToken(world.app, made.accessToken)).toBeNull()
})

test('who deletes their account is gone at once, and the name stays taken', async () => {
  const { accountId, session } = await join('aiko')
  expect(await codeOf(deleteAccount(world.app, await account(accountId), 'not this one'))).toBe('error.passwordWrong')
  await deleteAccount(world.app, await account(accountId), password)
  expect(await viewerFromSession(world.app, session.token)).toBeNull()
  expect(await codeOf(join('aiko'))).toBe('error.usernameTaken')
})
