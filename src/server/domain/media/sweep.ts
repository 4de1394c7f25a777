import type { App } from '#server/app.ts'
import { byHash } from '#server/platform/files/index.ts'
import { originalFile, storedName } from './files.ts'
import { limits } from './limits.ts'
import { forgetMade, listStrays, selectFolders, takeUnneeded } from './queries-files.ts'
import { deleteUnattached } from './queries-process.ts'
import { blobName } from './store.ts'

const hour = 3_600_000
const batch = 200
/** Bytes that were put into storage get a row that needs them within minutes; what came from elsewhere may take longer. */
const unneededHours = 6

/** Job: takes away uploads that nothing used within a day. */
export async function sweepUnattached(app: App): Promise<void> {
  const before = new Date(app.now().getTime() - limits.unattachedHours * hour)
  for (;;) {
    const keys = await app.database.inTransaction((tx) => deleteUnattached(tx, before, batch))
    for (const key of keys) await app.files.remove(storedName(key))
    if (keys.length < batch) return
  }
}

/** Job: takes away files that no media item needs, hours after the last one did. One that is being uploaded again just then stays. */
export async function sweepFiles(app: App): Promise<void> {
  await forgetMade(app.database.queries)
  const before = new Date(app.now().getTime() - unneededHours * hour)
  for (;;) {
    const gone = await app.database.inTransaction(async (tx) => {
      const hashes = await takeUnneeded(tx, before, 20)
      // Before the commit: who wants the same bytes waits for it, and puts them there again.
      for (const sha256 of hashes) await app.files.remove(blobName(sha256))
      return hashes.length
    })
    if (gone < 20) return
  }
}

/** Job: finds what no row speaks of, older than a day (uploads that broke off, accounts that left, a crash), and takes it away. */
export async function sweepOrphans(app: App): Promise<void> {
  const before = new Date(app.now().getTime() - limits.unattachedHours * hour)
  await app.files.tidy(before)
  let folders = new Map<string, string[]>()
  let strays: { sha256: Buffer; bytes: number }[] = []
  const checkStrays = async () => {
    if (strays.length) await listStrays(app.database.queries, strays)
    strays = []
  }
  for await (const { name, bytes, modified } of app.files.entries()) {
    const [first = '', key = '', file = ''] = name.split('/')
    if (modified >= before) continue
    if (first === byHash) {
      if (/^[0-9a-f]{64}$/.test(file)) strays.push({ sha256: Buffer.from(file, 'hex'), bytes })
      if (strays.length >= batch) await checkStrays()
    } else if (key && storedName(key) === `${first}/${key}`) {
      folders.set(key, [...folders.get(key) ?? [], name])
      // A folder's files come one after the other: the last one may not be whole yet.
      if (folders.size > batch) {
        const last = folders.get(key)!
        folders.delete(key)
        await checkFolders(app, folders, before)
        folders = new Map([[key, last]])
      }
    }
  }
  await checkFolders(app, folders, before)
  await checkStrays()
  await sweepFiles(app)
}

/** Takes away folders of items that are gone, and what is kept by its hash since a day. */
async function checkFolders(app: App, folders: Map<string, string[]>, before: Date): Promise<void> {
  const known = await selectFolders(app.database.queries, [...folders.keys()])
  for (const [key, names] of folders) {
    const item = known.get(key)
    if (!item) { await app.files.remove(storedName(key)); continue }
    if (!item.stored_at || item.stored_at >= before) continue
    const kept = new Set([originalFile, ...item.names])
    for (const name of names) if (kept.has(name.split('/')[2] ?? '')) await app.files.remove(name)
  }
}
