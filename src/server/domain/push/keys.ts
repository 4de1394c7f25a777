import { join } from 'node:path'
import type { App } from '#server/app.ts'
import { openSeal } from '#server/platform/seal/index.ts'
import type { Seal } from '#server/platform/seal/index.ts'
import { makePushKeys } from '#server/platform/webpush/index.ts'
import type { PushKeys } from '#server/platform/webpush/index.ts'
import { insertKeys, selectKeys } from './queries.ts'

/** The server's pair of keys: made at the first use, the same for all processes ever after. */
export function pushKeys(app: App): Promise<PushKeys> {
  return kept(app, 'push.keys', async () => {
    const known = await selectKeys(app.database.queries)
    if (known) return known
    await insertKeys(app.database.queries, makePushKeys(), app.now())
    const made = await selectKeys(app.database.queries)
    if (!made) throw new Error('the keys of push could not be kept')
    return made
  })
}

/** The public half, base64url: browsers and apps subscribe with it. */
export const pushServerKey = async (app: App): Promise<string> => (await pushKeys(app)).publicKey

/** Seals apps' tokens: their messages carry them, and nobody should find them in a copy of the database. */
export const tokenSeal = (app: App): Promise<Seal> => kept(app, 'push.seal', () => openSeal(join(app.config.dataFolder, 'keys', 'push')))

function kept<Value>(app: App, key: string, make: () => Promise<Value>): Promise<Value> {
  const known = app.caches.get(key) as Promise<Value> | undefined
  if (known) return known
  const made = make()
  app.caches.set(key, made)
  made.catch(() => app.caches.delete(key))
  return made
}
