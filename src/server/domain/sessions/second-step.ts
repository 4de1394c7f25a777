import { randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { renderSVG } from 'uqr'
import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { invalidForm } from '#server/platform/errors.ts'
import { replaceRecoveryCodes, selectCredentials, takeRecoveryCode, takeTotpStep, updateCredentials } from './queries.ts'
import { hashSecret } from './secrets.ts'

const totpOf = (secret: string, issuer = '', label = '') => new TOTP({ secret: Secret.fromBase32(secret), issuer, label, digits: 6, period: 30 })

/** Begins: a secret and its QR code (SVG). It counts once `confirmTotp` was given a right code. */
export async function beginTotp(app: App, account: Account): Promise<{ secret: string; qr: string }> {
  const secret = new Secret({ size: 20 }).base32
  await updateCredentials(app.database.queries, account.id, { totp_secret: secret, totp_confirmed_at: null, totp_last_step: null })
  const { name } = await readSettings(app)
  return { secret, qr: renderSVG(totpOf(secret, name, account.username).toString(), { border: 2 }) }
}

/** Switches the second step on and returns ten recovery codes, shown once. */
export async function confirmTotp(app: App, account: Account, code: string): Promise<string[]> {
  const credentials = await selectCredentials(app.database.queries, account.id)
  if (!credentials?.totp_secret || credentials.totp_confirmed_at) throw invalidForm([{ field: 'code', message: 'error.codeWrong' }])
  const delta = totpOf(credentials.totp_secret).validate({ token: code.replace(/\s/g, ''), window: 1, timestamp: app.now().getTime() })
  if (delta === null) throw invalidForm([{ field: 'code', message: 'error.codeWrong' }])
  await updateCredentials(app.database.queries, account.id, { totp_confirmed_at: app.now() })
  return makeRecoveryCodes(app, account)
}

export async function removeTotp(app: App, account: Account): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    await updateCredentials(tx, account.id, { totp_secret: null, totp_confirmed_at: null, totp_last_step: null })
    await replaceRecoveryCodes(tx, account.id, [])
  })
}

/** Ten fresh codes; the old ones stop working. */
export async function makeRecoveryCodes(app: App, account: Account): Promise<string[]> {
  const codes = Array.from({ length: 10 }, () => randomBytes(5).toString('hex').replace(/^(.{5})/, '$1-'))
  await app.database.inTransaction((tx) => replaceRecoveryCodes(tx, account.id, codes.map((code) => hashSecret(`${account.id}:${code}`))))
  return codes
}

/** Is there a second step? */
export async function secondStepOf(app: App, account: Account): Promise<{ totp: boolean }> {
  return { totp: !!(await selectCredentials(app.database.queries, account.id))?.totp_confirmed_at }
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
