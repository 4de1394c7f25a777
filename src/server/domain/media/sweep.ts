import type { App } from '#server/app.ts'
import { storedName } from './files.ts'
import { limits } from './limits.ts'
import { deleteUnattached, knownKeys } from './queries-process.ts'

const hour = 3_600_000
const batch = 200

/** Job: takes away uploads that nothing used within a day. */
export async function sweepUnattached(app: App): Promise<void> {
  const before = new Date(app.now().getTime() - limits.unattachedHours * hour)
  for (;;) {
    const keys = await app.database.inTransaction((tx) => deleteUnattached(tx, before, batch))
    for (const key of keys) await app.files.remove(storedName(key))
    if (keys.length < batch) return
  }
}

/** Job: takes away folders that no row speaks of, older than a day (uploads that broke off, accounts that left). */
export async function sweepOrphans(app: App): Promise<void> {
  const before = app.now().getTime() - limits.unattachedHours * hour
  let seen = new Map<string, string>()
  const check = async () => {
    const known = await knownKeys(app.database.queries, [...seen.keys()])
    for (const [key, file] of seen) {
      if (known.has(key)) continue
      const found = await app.files.stat(file)
      if (found && found.modified.getTime() < before) await app.files.remove(storedName(key))
    }
    seen = new Map()
  }
  for await (const name of app.files.list()) {
    const [, key] = name.split('/')
    if (!key || seen.has(key) || storedName(key) !== name.split('/').slice(0, 2).join('/')) continue
    seen.set(key, name)
    if (seen.size >= batch) await check()
  }
  if (seen.size) await check()
}
