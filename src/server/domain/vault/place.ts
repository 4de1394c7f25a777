import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { App } from '#server/app.ts'
import { makeBackupKey } from '#server/platform/backup/index.ts'
import { localFiles } from '#server/platform/files/index.ts'
import type { Files } from '#server/platform/files/index.ts'

type Pair = { identity: string; recipient: string }

/** A folder of its own beside the media: no sweep, no member's deletion and no export goes there. */
export const vaultFiles = (app: App): Files => localFiles(join(app.config.dataFolder, 'vault'))
export const sealedName = (id: string) => `${id}.zip.age`

/** The vault's own pair of keys (age, X25519), made at the first use, for its owner alone. Without the file nothing that was sealed can be opened again. */
export async function vaultKey(app: App): Promise<Pair> {
  const path = join(app.config.dataFolder, 'keys', 'vault.json')
  const known = await read(path)
  if (known) return known
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile(`${JSON.stringify(await makeBackupKey())}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (error) {
    // Another process made it at the same moment: then its key is taken.
    if ((error as { code?: string }).code !== 'EEXIST') throw error
  }
  const made = await read(path)
  if (!made) throw new Error(`${path} holds no key`)
  return made
}

async function read(path: string): Promise<Pair | null> {
  const text = await readFile(path, 'utf8').catch((error: { code?: string }) => { if (error.code === 'ENOENT') return ''; throw error })
  try {
    const pair = JSON.parse(text) as Partial<Pair>
    return pair.identity && pair.recipient ? { identity: pair.identity, recipient: pair.recipient } : null
  } catch {
    return null
  }
}
