import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { App } from '#server/app.ts'
import { byHash } from '#server/platform/files/index.ts'
import { originalFile, storedName } from './files.ts'
import type { NamedFile } from './queries-files.ts'
import { selectFile, wantFile } from './queries-files.ts'
import type { Variant } from './types.ts'

/** Where the bytes with this hash lie in `app.files`. */
export function blobName(sha256: Buffer): string {
  const hex = sha256.toString('hex')
  return `${byHash}/${hex.slice(0, 2)}/${hex}`
}

/**
 * Puts a file of this machine into storage, unless the same bytes are there already. For some hours nothing sweeps it away;
 * until then a row of media_files should need it (`attachFiles`). The file must not change afterwards.
 */
export async function keepFile(app: App, path: string): Promise<{ sha256: Buffer; bytes: number }> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  const sha256 = hash.digest()
  const bytes = (await stat(path)).size
  // The row comes first: a sweep that runs now either sees it, or has taken the bytes away before we look for them.
  await wantFile(app.database.queries, { sha256, bytes, at: app.now() })
  const found = await app.files.stat(blobName(sha256))
  if (found?.bytes !== bytes) await app.files.put(blobName(sha256), { path })
  return { sha256, bytes }
}

/** Keeps the files that were made in `folder`, and the original they were made from. */
export async function keepMade(app: App, made: { folder: string; variants: Variant[]; original: string }): Promise<NamedFile[]> {
  const files: NamedFile[] = [{ name: originalFile, ...await keepFile(app, made.original) }]
  for (const variant of made.variants) files.push({ name: variant.file, ...await keepFile(app, join(made.folder, variant.file)) })
  return files
}

/** Where a file of a media item lies in `app.files` now: by its hash, or still in the item's own folder. */
export async function nameInStorage(app: App, item: { id: string; key: string }, file: string): Promise<string> {
  const kept = await selectFile(app.database.queries, item.id, file)
  return kept ? blobName(kept.sha256) : storedName(item.key, file)
}
