import { generateRegistrationOptions, verifyRegistrationResponse } from '@simplewebauthn/server'
import type { AuthenticatorTransport, PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server'
import { z } from 'zod'
import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { conflict, invalid } from '#server/platform/errors.ts'
import { demandPassword } from './passwords.ts'
import { insertOneTimeToken, takeOneTimeToken } from './queries.ts'
import { deletePasskey, insertPasskey, selectPasskeys } from './queries-passkeys.ts'
import { hashSecret } from '#server/platform/secrets/index.ts'

export type PasskeyView = { id: string; name: string; createdAt: string; lastUsedAt: string | null }

const most = 20
/** EdDSA, ES256, RS256: what every authenticator has */
const algorithms = [-8, -7, -257]
const minutes = 10
const text = z.string().max(20_000)
const transports = z.array(z.enum(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'])).max(8).catch([]).optional()
const Made = z.object({
  id: text, rawId: text, type: z.literal('public-key'), clientExtensionResults: z.object({}).loose().catch({}).transform(() => ({})),
  response: z.object({ clientDataJSON: text, attestationObject: text, transports }).loose(),
})

/** Where passkeys belong: the host of the public address, and the origin that a browser must have asked from. */
export const placeOf = (app: App) => { const url = new URL(app.config.publicUrl); return { origin: url.origin, host: url.hostname } }

/** Remembers a challenge, for one answer within ten minutes. */
export async function keepChallenge(app: App, challenge: string, purpose: string, accountId: string | null): Promise<void> {
  await insertOneTimeToken(app.database.queries, { token_hash: hashSecret(challenge), account_id: accountId, purpose, data: '{}', expires_at: new Date(app.now().getTime() + minutes * 60_000) })
}

/** Begins a passkey: what the browser is asked to make. The password is asked, so that a browser left open is not enough. */
export async function beginPasskey(app: App, account: Account, password: string): Promise<PublicKeyCredentialCreationOptionsJSON> {
  await demandPassword(app, account, password, 'passkeyPassword')
  const [known, { name }] = await Promise.all([selectPasskeys(app.database.queries, account.id), readSettings(app)])
  if (known.length >= most) throw conflict('tooManyPasskeys', { most })
  const options = await generateRegistrationOptions({
    rpName: name, rpID: placeOf(app).host, userName: account.username, userDisplayName: account.displayName || account.username, userID: new TextEncoder().encode(account.id),
    excludeCredentials: known.map((one) => ({ id: one.credential_id })), authenticatorSelection: { residentKey: 'required', userVerification: 'required' }, supportedAlgorithmIDs: algorithms,
  })
  await keepChallenge(app, options.challenge, 'passkeyNew', account.id)
  return options
}

/** Keeps what the browser made, under a name of the member's. From now on it signs in by itself, and is a second step where one is on. */
export async function addPasskey(app: App, account: Account, given: string, name: string): Promise<void> {
  const made = Made.safeParse(parsed(given))
  if (!made.success) throw invalid('passkeyFailed')
  const response = made.data
  const verified = await verifyRegistrationResponse({
    response: { ...response, response: { ...response.response, transports: response.response.transports as AuthenticatorTransport[] | undefined } },
    expectedChallenge: async (challenge) => (await takeOneTimeToken(app.database.queries, hashSecret(challenge), 'passkeyNew', app.now()))?.account_id === account.id,
    expectedOrigin: placeOf(app).origin, expectedRPID: placeOf(app).host, supportedAlgorithmIDs: algorithms,
  }).catch(() => null)
  if (!verified?.verified) throw invalid('passkeyFailed')
  const { credential } = verified.registrationInfo
  const clean = name.toWellFormed().replaceAll('\0', '').replace(/\s+/g, ' ').trim().slice(0, 60)
  const added = await app.database.inTransaction((tx) => insertPasskey(tx, {
    id: app.newId(), account_id: account.id, credential_id: credential.id, public_key: Buffer.from(credential.publicKey), counter: credential.counter,
    transports: credential.transports ?? [], name: clean || 'Passkey', created_at: app.now(),
  }))
  if (!added) throw conflict('passkeyKnown')
}

/** The member's own passkeys, oldest first. */
export async function passkeysOf(app: App, account: Account): Promise<PasskeyView[]> {
  const rows = await selectPasskeys(app.database.queries, account.id)
  return rows.map((row) => ({ id: row.id, name: row.name, createdAt: row.created_at.toISOString(), lastUsedAt: row.last_used_at?.toISOString() ?? null }))
}

/** Forgets one of the member's own passkeys; unknown ids change nothing. */
export const removePasskey = (app: App, account: Account, id: string): Promise<void> => deletePasskey(app.database.queries, account.id, id)

/** JSON as a form sends it; null when it is none. */
export function parsed(given: string): unknown {
  try { return JSON.parse(given.slice(0, 60_000)) } catch { return null }
}
