import type { App } from '#server/app.ts'
import { asWords, findByAll } from '#server/platform/nearest/brute.ts'
import { selectBatchKeys, selectIndexState } from './queries-near.ts'

/** A listed picture within the distance asked for. */
export type NearKey = { query: number; key: Buffer; distance: number }

type Index = { known: Set<string>; keys: Buffer; turn: Promise<void> }

const cacheKey = 'hashes.near'
const page = 20_000

function indexOf(app: App): Index {
  const found = app.caches.get(cacheKey) as Index | undefined
  if (found) return found
  const made: Index = { known: new Set(), keys: Buffer.alloc(0), turn: Promise.resolve() }
  app.caches.set(cacheKey, made)
  return made
}

/** Every listed picture at most `most` bits from each of these values; whatever was added until now is looked through. */
export async function findNear(app: App, queries: Buffer[], most: number): Promise<NearKey[]> {
  const index = indexOf(app)
  const turn = index.turn.then(() => refresh(app, index))
  index.turn = turn.catch(() => {})
  await turn
  return findByAll(asWords(index.keys), asWords(Buffer.concat(queries)), most).map(({ query, place, distance }) => ({ query, distance, key: index.keys.subarray(place * 32, place * 32 + 32) }))
}

async function refresh(app: App, index: Index): Promise<void> {
  const { batches } = await selectIndexState(app.database.queries)
  const fresh = batches.filter((id) => !index.known.has(id))
  if (fresh.length === 0) return
  const parts = [index.keys]
  for (let after = '0'; ;) {
    const { keys, last } = await selectBatchKeys(app.database.queries, fresh, after, page)
    if (last === null) break
    parts.push(keys)
    after = last
  }
  index.keys = Buffer.concat(parts)
  for (const id of fresh) index.known.add(id)
}
