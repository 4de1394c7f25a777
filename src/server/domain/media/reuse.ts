import type { App } from '#server/app.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { wantFiles } from './queries-files.ts'
import type { NamedFile } from './queries-files.ts'
import { insertMade, selectMade } from './queries-made.ts'
import type { Made } from './queries-process.ts'

/** Raise it when files made of the same original come out in another way than before. */
export const processingVersion = 1

type What = { sha256: Buffer | null; purpose: string; lossless: boolean }
const purposeOf = (what: What) => what.lossless ? `${what.purpose}+lossless` : what.purpose

/** What was made before of the same bytes, for the same purpose, by the same program; its files are wanted from now on. */
export async function madeBefore(app: App, what: What): Promise<{ made: Made; files: Pick<NamedFile, 'name' | 'sha256'>[] } | undefined> {
  if (!what.sha256) return undefined
  const found = await selectMade(app.database.queries, { sha256: what.sha256, purpose: purposeOf(what), version: processingVersion })
  if (!found) return undefined
  const files = Object.entries(found.files).map(([name, hex]) => ({ name, sha256: Buffer.from(hex, 'hex') }))
  const there = await app.database.inTransaction((tx) => wantFiles(tx, files.map((one) => one.sha256), app.now()))
  return there ? { made: JSON.parse(found.made, unpack) as Made, files } : undefined
}

/** Keeps what was made, in the transaction that makes the item ready. */
export async function rememberMade(tx: Tx, what: What, made: Made, files: NamedFile[]): Promise<void> {
  if (!what.sha256) return
  await insertMade(tx, { sha256: what.sha256, purpose: purposeOf(what), version: processingVersion, made: JSON.stringify(pack(made)), files: JSON.stringify(Object.fromEntries(files.map((one) => [one.name, one.sha256.toString('hex')]))) })
}

/** Bytes as text that can be told apart from text. */
function pack(value: unknown): unknown {
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') }
  if (Array.isArray(value)) return value.map(pack)
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, pack(one)]))
  return value
}

function unpack(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('base64' in value) || typeof value.base64 !== 'string') return value
  return Buffer.from(value.base64, 'base64')
}
