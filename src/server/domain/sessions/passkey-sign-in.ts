import { generateAuthenticationOptions, verifyAuthenticationResponse } from '@simplewebauthn/server'
import type { AuthenticatorTransport, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server'
import { z } from 'zod'
import type { App } from '#server/app.ts'
import { findAccount } from '#server/domain/accounts/index.ts'
import { invalid } from '#server/platform/errors.ts'
import { keepChallenge, parsed, placeOf } from './passkeys.ts'
import { isFrozenNow, peekOneTimeToken, takeOneTimeToken } from './queries.ts'
import { selectPasskey, selectPasskeys, touchPasskey } from './queries-passkeys.ts'
import { hashSecret } from '#server/platform/secrets/index.ts'
import { openSession } from './session.ts'
import type { NewSession } from './types.ts'

const text = z.string().max(20_000)
const Used = z.object({
  id: text, rawId: text, type: z.literal('public-key'), clientExtensionResults: z.object({}).loose().catch({}).transform(() => ({})),
  response: z.object({ clientDataJSON: text, authenticatorData: text, signature: text, userHandle: text.nullish().transform((handle) => handle ?? undefined) }),
})

/** What the browser is asked: with a ticket of `signIn` as the second step of that account, without one for whoever it knows. */
export async function beginPasskeySignIn(app: App, ticket: string | null, address: string): Promise<PublicKeyCredentialRequestOptionsJSON> {
  await app.limits.use({ name: 'passkey', most: 60, seconds: 900 }, address)
  const known = ticket ? await peekOneTimeToken(app.database.queries, hashSecret(ticket), 'secondStep', app.now()) : undefined
  if (ticket && !known?.account_id) throw invalid('linkGone')
  const passkeys = known?.account_id ? await selectPasskeys(app.database.queries, known.account_id) : []
  const options = await generateAuthenticationOptions({
    rpID: placeOf(app).host, userVerification: ticket ? 'preferred' : 'required',
    allowCredentials: passkeys.map((one) => ({ id: one.credential_id, transports: one.transports as AuthenticatorTransport[] })),
  })
  await keepChallenge(app, options.challenge, 'passkeyUse', known?.account_id ?? null)
  return options
}

/**
 * Signs in with a passkey. Alone it must have verified the person (fingerprint, PIN); as a second step having it is
 * enough, and it must be one of the account whose password was given.
 */
export async function signInWithPasskey(app: App, given: { response: string; ticket: string | null; userAgent: string; address: string }): Promise<NewSession> {
  await app.limits.use({ name: 'signIn', most: 60, seconds: 900 }, given.address)
  const used = Used.safeParse(parsed(given.response))
  const passkey = used.success ? await selectPasskey(app.database.queries, used.data.id) : undefined
  if (!used.success || !passkey) throw invalid('passkeyUnknown')
  const verified = await verifyAuthenticationResponse({
    response: used.data, expectedOrigin: placeOf(app).origin, expectedRPID: placeOf(app).host, requireUserVerification: !given.ticket,
    expectedChallenge: async (challenge) => {
      const taken = await takeOneTimeToken(app.database.queries, hashSecret(challenge), 'passkeyUse', app.now())
      return taken !== undefined && taken.account_id === (given.ticket ? passkey.account_id : null)
    },
    credential: { id: passkey.credential_id, publicKey: new Uint8Array(passkey.public_key), counter: Number(passkey.counter), transports: passkey.transports as AuthenticatorTransport[] },
  }).catch(() => null)
  if (!verified?.verified) throw invalid('passkeyFailed')
  if (given.ticket && (await takeOneTimeToken(app.database.queries, hashSecret(given.ticket), 'secondStep', app.now()))?.account_id !== passkey.account_id) throw invalid('linkGone')
  const account = await findAccount(app, passkey.account_id)
  if (!account || account.state === 'deleted') throw invalid('passkeyUnknown')
  if (account.state === 'suspended' && await isFrozenNow(app.database.queries, account.id)) throw invalid('accountSuspended')
  await touchPasskey(app.database.queries, passkey.id, verified.authenticationInfo.newCounter, app.now())
  return openSession(app, app.database.queries, account.id, given.userAgent)
}
