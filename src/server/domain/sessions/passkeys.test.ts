import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findAccount } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { authenticator } from '../../../../tests/authenticator.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { addPasskey, beginPasskey, beginPasskeySignIn, beginTotp, confirmTotp, createMember, passkeysOf, removePasskey, signIn, signInWithPasskey, suspendedFromSession, viewerFromSession } from './index.ts'

let world: World
let olga: Account
let bram: Account
const password = 'three warm loaves of bread'
const from = { userAgent: 'a test', address: '127.0.0.1' }
beforeAll(async () => {
  world = await openWorld()
  const make = async (username: string) => (await findAccount(world.app, await world.app.database.inTransaction((tx) => createMember(world.app, tx, { username, password }))))!
  ;[olga, bram] = [await make('olga'), await make('bram')]
})
afterAll(() => world.close())

const codeOf = (work: Promise<unknown>) => work.then(() => 'done', (error: { code?: string; problems?: { message: string }[] }) => error.problems?.[0]?.message ?? error.code)
const key = (verifies = true) => authenticator(world.app.config.publicUrl, verifies)
async function keyOf(member: Account) {
  const made = key()
  await addPasskey(world.app, member, made.make((await beginPasskey(world.app, member, password)).challenge), 'Phone')
  return made
}
const challenge = async (ticket: string | null = null) => (await beginPasskeySignIn(world.app, ticket, '127.0.0.1')).challenge
const enter = (response: string, ticket: string | null = null) => signInWithPasskey(world.app, { response, ticket, ...from })

test('a passkey alone signs in its member, and each answer works once', async () => {
  const mine = await keyOf(olga)
  const answer = mine.use(await challenge())
  const { token } = await enter(answer)
  expect((await viewerFromSession(world.app, token))?.viewer.username).toBe('olga')
  expect(await codeOf(enter(answer))).toBe('passkeyFailed')
  expect((await passkeysOf(world.app, olga))[0]?.lastUsedAt).not.toBeNull()
})

test('making one asks for the password, and an answer counts for who asked, once, from this place', async () => {
  expect(await codeOf(beginPasskey(world.app, olga, 'not this one at all'))).toBe('error.passwordWrong')
  const made = key()
  const asked = await beginPasskey(world.app, olga, password)
  expect(await codeOf(addPasskey(world.app, bram, made.make(asked.challenge), 'Mine now'))).toBe('passkeyFailed')
  expect(await codeOf(addPasskey(world.app, olga, made.make(asked.challenge), 'Too late'))).toBe('passkeyFailed')
  const again = await beginPasskey(world.app, olga, password)
  expect(await codeOf(addPasskey(world.app, olga, made.make(again.challenge, 'https://evil.example'), 'Phished'))).toBe('passkeyFailed')
  const late = await beginPasskey(world.app, olga, password)
  world.later(11 * 60_000)
  expect(await codeOf(addPasskey(world.app, olga, made.make(late.challenge), 'Late'))).toBe('passkeyFailed')
  for (const nonsense of ['', '{}', 'null', '[1]', '{"id":1}', 'x'.repeat(100_000)]) expect(await codeOf(addPasskey(world.app, olga, nonsense, 'x'))).toBe('passkeyFailed')
})

test('an answer made for another site, by an unknown key or without a finger is refused', async () => {
  const mine = await keyOf(olga)
  expect(await codeOf(enter(mine.use(await challenge(), 'https://evil.example')))).toBe('passkeyFailed')
  expect(await codeOf(enter(key().use(await challenge())))).toBe('passkeyUnknown')
  expect(await codeOf(enter(mine.use(await challenge(), undefined, false)))).toBe('passkeyFailed')
  const careless = key(false)
  expect(await codeOf(addPasskey(world.app, olga, careless.make((await beginPasskey(world.app, olga, password)).challenge), 'No PIN'))).toBe('passkeyFailed')
  for (const nonsense of ['', '{}', 'null']) expect(await codeOf(enter(nonsense))).toBe('passkeyUnknown')
})

test('as a second step a passkey of the same account is enough, and nobody else’s', async () => {
  const [hers, his] = [await keyOf(olga), await keyOf(bram)]
  const { secret } = await beginTotp(world.app, olga)
  await confirmTotp(world.app, olga, new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: world.app.now().getTime() }))
  const ticket = async () => { const result = await signIn(world.app, { login: 'olga', password, ...from }); return 'secondStep' in result ? result : { secondStep: '', passkeys: false } }
  const first = await ticket()
  expect(first.passkeys).toBe(true)
  expect(await codeOf(enter(his.use(await challenge(first.secondStep)), first.secondStep))).toBe('passkeyFailed')
  // A challenge for signing in alone is not one for the second step.
  expect(await codeOf(enter(hers.use(await challenge()), first.secondStep))).toBe('passkeyFailed')
  const { token } = await enter(hers.use(await challenge(first.secondStep)), first.secondStep)
  expect((await viewerFromSession(world.app, token))?.viewer.username).toBe('olga')
  expect(await codeOf(challenge(first.secondStep))).toBe('linkGone')
})

test('a passkey that was removed, or of somebody frozen, opens nothing; somebody suspended gets no further than their standing', async () => {
  const mine = await keyOf(bram)
  const kept = await passkeysOf(world.app, bram)
  await removePasskey(world.app, olga, kept.at(-1)!.id)
  await removePasskey(world.app, bram, 'not an id')
  expect(await passkeysOf(world.app, bram)).toHaveLength(kept.length)
  await world.app.database.queries.updateTable('accounts').set({ state: 'suspended' }).where('id', '=', bram.id).execute()
  const { token } = await enter(mine.use(await challenge()))
  expect([await viewerFromSession(world.app, token), (await suspendedFromSession(world.app, token))?.viewer.username]).toEqual([null, bram.username])
  await world.app.database.queries.updateTable('accounts').set({ frozen_at: new Date() }).where('id', '=', bram.id).execute()
  expect(await codeOf(enter(mine.use(await challenge())))).toBe('accountSuspended')
  expect(await suspendedFromSession(world.app, token)).toBeNull()
  await world.app.database.queries.updateTable('accounts').set({ frozen_at: null }).where('id', '=', bram.id).execute()
  await world.app.database.queries.updateTable('accounts').set({ state: 'active' }).where('id', '=', bram.id).execute()
  await removePasskey(world.app, bram, kept.at(-1)!.id)
  expect(await codeOf(enter(mine.use(await challenge())))).toBe('passkeyUnknown')
})
