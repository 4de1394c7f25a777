import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '#server/platform/config/index.ts'

/** Takes away what was being worked on when the last process was killed. Uploads that come in pieces go on: they have rows, and a sweep of their own. */
export async function clearWork(config: Config): Promise<void> {
  const folder = join(config.dataFolder, 'work')
  for (const name of await readdir(folder).catch(() => [])) {
    if (name !== 'uploads') await rm(join(folder, name), { recursive: true, force: true })
  }
}
