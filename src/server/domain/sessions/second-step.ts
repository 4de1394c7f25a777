import { randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { renderSVG } from 'uqr'
import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { conflict, invalidForm } from '#server/platform/errors.ts'
import { demandPassword } from './passwords.ts'
import { beginTotpSecret, replaceRecoveryCodes, selectCredentials, takeRecoveryCode, takeTotpStep, updateCredentials } from './queries.ts'
import { hashSecret } from '#server/platform/secrets/index.ts'

const totpOf = (secret: string, issuer = '', label = '') => new TOTP({ secret: Secret.fromBase32(secret), issuer, label, digits: 6, period: 30 })

/** Begins: a secret and its QR code (SVG). It counts once `confirmTotp` was given a right code; one that is on stays as it is. */
export async function beginTotp(app: App, account: Account): Promise<{ secret: string; qr: string }> {
  const secret = new Secret({ size: 20 }).base32
  if (!await beginTotpSecret(app.database.queries, account.id, secret)) throw conflict('secondStepIsOn')
  return { secret, ...await drawn(app, account, secret) }
}

/** The secret that was begun and not confirmed yet, to show it again after a wrong code; null when there is none. */
export async function begunTotp(app: App, account: Account): Promise<{ secret: string; qr: string } | null> {
  const credentials = await selectCredentials(app.database.queries, account.id)
  if (!credentials?.totp_secret || credentials.totp_confirmed_at) return null
  return { secret: credentials.totp_secret, ...await drawn(app, account, credentials.totp_secret) }
}

async function drawn(app: App, account: Account, secret: string): Promise<{ qr: string }> {
  const { name } = await readSettings(app)
  return { qr: renderSVG(totpOf(secret, name, account.username).toString(), { border: 2 }) }
}

/** Switches the second step on and returns ten recovery codes, shown once. The code that was given is used up. */
export async function confirmTotp(app: App, account: Account, code: string): Promise<string[]> {
  await app.limits.use({ name: 'confirmTotp', most: 20, seconds: 900 }, account.id)
  const credentials = await selectCredentials(app.database.queries, account.id)
  const now = app.now().getTime()
  const delta = credentials?.totp_secret && !credentials.totp_confirmed_at ? totpOf(credentials.totp_secret).validate({ token: code.replace(/\s/g, ''), window: 1, timestamp: now }) : null
  if (delta === null) throw invalidForm([{ field: 'code', message: 'error.codeWrong' }])
  return app.database.inTransaction(async (tx) => {
    await updateCredentials(tx, account.id, { totp_confirmed_at: app.now(), totp_last_step: Math.floor(now / 30_000) + delta })
    return newCodes(tx, account)
  })
}

/** Switches the second step off; the password is asked, so that a browser left open is not enough. */
export async function removeTotp(app: App, account: Account, password: string): Promise<void> {
  await demandPassword(app, account, password, 'stepPassword')
  await app.database.inTransaction(async (tx) => {
    await updateCredentials(tx, account.id, { totp_secret: null, totp_confirmed_at: null, totp_last_step: null })
    await replaceRecoveryCodes(tx, account.id, [])
  })
}

/** Ten fresh codes; the old ones stop working. The password is asked. */
export async function makeRecoveryCodes(app: App, account: Account, password: string): Promise<string[]> {
  await demandPassword(app, account, password, 'stepPassword')
  return app.database.inTransaction((tx) => newCodes(tx, account))
}

async function newCodes(tx: Tx, account: Account): Promise<string[]> {
  const codes = Array.from({ length: 10 }, () => randomBytes(5).toString('hex').replace(/^(.{5})/, '$1-'))
  await replaceRecoveryCodes(tx, account.id, codes.map((code) => hashSecret(`${account.id}:${code}`)))
  return codes
}

/** Six digits of this or a neighbouring half minute, each usable once; or an unused recovery code. */
export async function passesSecondStep(app: App, accountId: string, given: string): Promise<boolean> {
  const code = given.replace(/\s/g, '').toLowerCase()
  const credentials = await selectCredentials(app.database.queries, accountId)
  if (!credentials?.totp_secret || !credentials.totp_confirmed_at) return false
  if (/^\d{6}$/.test(code)) {
    const now = app.now().getTime()
    const delta = totpOf(credentials.totp_secret).validate({ token: code, window: 1, timestamp: now })
    return delta !== null && takeTotpStep(app.database.queries, accountId, Math.floor(now / 30_000) + delta)
  }
  return takeRecoveryCode(app.database.queries, accountId, hashSecret(`${accountId}:${code}`), app.now())
}
