import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { App } from '#server/app.ts'
import { openNearest } from '#server/platform/nearest/index.ts'
import type { Hit, Nearest } from '#server/platform/nearest/index.ts'
import { selectAllKeys, selectBatchKeys, selectIndexNeed, selectIndexState, writeIndex } from './queries-near.ts'

/** What this process knows of the listed pictures. `turn`: bringing it up to date is done by one at a time. */
type Index = { generation: string; known: Set<string>; set: Nearest; turn: Promise<unknown> }

const cacheKey = 'hashes.near'
const page = 20_000
const noFile = '0'
/** With fewer, a file would save nothing: they are read from the database within a second. */
const worthFile = 50_000
const mostBatches = 500

const fileOf = (app: App, generation: string) => join(folderOf(app), `hashes-${generation}`)
const folderOf = (app: App) => join(app.config.dataFolder, 'index')

function indexOf(app: App): Index {
  const found = app.caches.get(cacheKey) as Index | undefined
  if (found) return found
  const made: Index = { generation: noFile, known: new Set(), set: openNearest(), turn: Promise.resolve() }
  app.caches.set(cacheKey, made)
  return made
}

/** Every listed picture at most `most` bits from each of these values. Whatever was committed until now is looked through. */
export async function findNear(app: App, queries: Buffer[], most: number): Promise<Hit[]> {
  const index = indexOf(app)
  const turn = index.turn.then(async () => {
    await refresh(app, index)
    return index.set.find(queries, most)
  })
  index.turn = turn.catch(() => {})
  return turn
}

/** How many pictures are listed in this process's memory, and how many bytes that takes. */
export const nearSize = (app: App): Promise<{ count: number; bytes: number }> => indexOf(app).set.size()

/**
 * Brings the index up to date: additions are told apart by their batch, not by their age, so that one that was committed late
 * is not missed. Entries that were withdrawn stay until the file is made anew; the database says what still counts.
 */
async function refresh(app: App, index: Index): Promise<void> {
  const { generation, batches } = await selectIndexState(app.database.queries)
  if (generation !== index.generation) {
    const set = openNearest()
    // Without the file, or with one that isn't whole, all is read from the database: slower, never less.
    if (!(await set.load(fileOf(app, generation)))) await readInto(set, (after) => selectAllKeys(app.database.queries, after, page))
    const before = index.set
    Object.assign(index, { generation, set, known: new Set<string>() })
    await before.close()
  }
  const fresh = batches.filter((id) => !index.known.has(id))
  if (fresh.length === 0) return
  await readInto(index.set, (after) => selectBatchKeys(app.database.queries, fresh, after, page))
  for (const id of fresh) index.known.add(id)
}

async function readInto(set: Nearest, read: (after: string) => Promise<{ keys: Buffer; last: string | null }>, onPage: (keys: number) => void = () => {}): Promise<number> {
  let count = 0
  for (let after = '0'; ;) {
    const { keys, last } = await read(after)
    if (last === null) return count
    await set.add(keys)
    count += keys.length / 32
    onPage(count)
    after = last
  }
}

/** Asks for a new file where enough was added since the last one. */
export async function indexIfWorthIt(app: App): Promise<void> {
  const { waiting, batches } = await selectIndexNeed(app.database.queries)
  if (waiting >= worthFile || batches >= mostBatches) await app.jobs.add(app.database.queries, 'indexHashes', {}, { key: 'indexHashes', queue: 'hash-index', maxAttempts: 3, priority: 5 })
}

/**
 * Job: writes all that is listed into a file that every process loads within seconds of its start, ready to be asked. Until it is
 * whole, everybody uses what they have. Broken off, the next one begins anew.
 */
export async function indexHashes(app: App): Promise<void> {
  // Read first: whatever else is committed while all is read may be in the file too, which does no harm.
  const { batches } = await selectIndexState(app.database.queries)
  const generation = app.newId<'index'>()
  const set = openNearest({ mostHere: 0 })
  try {
    const count = await readInto(set, (after) => selectAllKeys(app.database.queries, after, page))
    await mkdir(folderOf(app), { recursive: true })
    await set.save(fileOf(app, generation))
    await app.database.inTransaction((tx) => writeIndex(tx, generation, count, batches, app.now()))
  } finally {
    await set.close()
  }
  for (const name of await readdir(folderOf(app))) {
    // Another process may be loading the one before at this moment: an open file stays readable; elsewhere it reads the database.
    if (name.startsWith('hashes-') && name !== `hashes-${generation}`) await rm(join(folderOf(app), name), { force: true })
  }
}
