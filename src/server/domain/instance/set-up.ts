import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { App } from '#server/app.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { lockSettings, selectSettings, updateSetUpDone, updateSetUpToken } from './queries.ts'
import type { SettingsRow } from './queries.ts'

const hashOf = (token: string) => createHash('sha256').update(token).digest()

/** Has an owner been through set-up (or been made by the command line)? */
export async function isSetUp(app: App): Promise<boolean> {
  return (await selectSettings(app.database.queries)).set_up_at !== null
}

/** A new one-time token for `/setup?token=…`; earlier ones end. Null once the community is set up. */
export async function newSetUpToken(app: App): Promise<string | null> {
  const token = randomBytes(24).toString('base64url')
  return await updateSetUpToken(app.database.queries, hashOf(token)) ? token : null
}

function fits(row: SettingsRow, token: string): boolean {
  return row.set_up_at === null && row.set_up_token_hash !== null && timingSafeEqual(row.set_up_token_hash, hashOf(token))
}

/** Throws notFound when the token is wrong, used or too old. */
export async function checkSetUpToken(app: App, token: string): Promise<void> {
  if (!fits(await selectSettings(app.database.queries), token)) throw notFound()
}

/** Uses the token up within the transaction that sets the community up. Throws notFound when another was faster. */
export async function takeSetUpToken(app: App, tx: Tx, token: string): Promise<void> {
  if (!fits(await lockSettings(tx), token)) throw notFound()
  await updateSetUpDone(tx, app.now())
}

/** An owner exists without the wizard (command line): the link must not work any more. */
export async function closeSetUp(app: App, tx: Tx): Promise<void> {
  await updateSetUpDone(tx, app.now())
}
