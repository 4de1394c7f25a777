import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { App } from '#server/app.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { mediaUrl } from './files.ts'
import { deleteKeysBefore, deleteOtherKeys, insertKey, selectKeys } from './queries-sign.ts'

/** Addresses are the same for a whole window, so that browsers can keep what they fetched; they end one to two windows from now. */
const windowMs = 6 * 3_600_000
/** A key signs for so long, and is believed as long again. */
const keyDays = 30
/** How long other processes may go on with keys that are gone. */
const keptMs = 10_000

/** The address of one file of an item. */
export type Address = (key: string, file: string) => string

/** Addresses that say nothing: for what is everybody's, or whose reader brings a session. */
export const plainAddress: Address = mediaUrl

/**
 * Addresses for one reader: whoever has one is taken for that reader until it ends, as far as this item goes. What the
 * reader may see is asked again at each fetch. Files of one item stand beside each other, so that their names in playlists hold.
 */
export async function addressFor(app: App, readerId: string): Promise<Address> {
  return (await addresses(app))(readerId)
}

/** The same for any number of readers. */
export async function addresses(app: App): Promise<(readerId: string) => Address> {
  const key = (await keys(app))[0]!
  return (readerId) => addressBy(app, key, readerId)
}

function addressBy(app: App, key: Buffer, readerId: string): Address {
  const ends = ((Math.floor(app.now().getTime() / windowMs) + 2) * windowMs / 1000).toString(36)
  const reader = BigInt(readerId).toString(36)
  const passes = new Map<string, string>()
  return (item, file) => {
    const pass = passes.get(item) ?? `~${ends}.${reader}.${signature(key, item, ends, reader)}`
    passes.set(item, pass)
    return `/media/files/${pass}/${item}/${file}`
  }
}

/**
 * For pictures of people where only members may read: apps send no cookie with them. Signs plain addresses in the name of whose
 * picture it is, so that they are the same for all who were told them, and end within half a day. Null where all may read.
 */
export async function pictureSigner(app: App): Promise<((address: string, ownerId: string) => string) | null> {
  if ((await readSettings(app)).readMode === 'everyone') return null
  const sign = await addresses(app)
  return (address, ownerId) => {
    const [, item, file] = /^\/media\/files\/([^/~]+)\/([^/]+)$/.exec(address) ?? []
    return item && file ? sign(ownerId)(item, file) : address
  }
}

/** Who may read this item by such a pass, and for how many more seconds. Undefined: forged, changed, or ended. */
export async function readPass(app: App, pass: string, item: string): Promise<{ readerId: string; seconds: number } | undefined> {
  const [, ends = '', reader = '', given = ''] = /^~([0-9a-z]{1,9})\.([0-9a-z]{1,13})\.([A-Za-z0-9_-]{22})$/.exec(pass) ?? []
  const seconds = Math.floor(parseInt(ends, 36) - app.now().getTime() / 1000)
  if (!given || !(seconds > 0)) return undefined
  const bytes = Buffer.from(given, 'base64url')
  const fits = (list: Buffer[]) => list.some((key) => timingSafeEqual(Buffer.from(signature(key, item, ends, reader), 'base64url'), bytes))
  if (!fits(await keys(app)) && !fits(await keys(app, 1000))) return undefined
  return { readerId: fromBase36(reader).toString(), seconds }
}

const signature = (key: Buffer, item: string, ends: string, reader: string) => createHmac('sha256', key).update(`${item}/${ends}/${reader}`).digest().subarray(0, 16).toString('base64url')

function fromBase36(text: string): bigint {
  let value = 0n
  for (const digit of text) value = value * 36n + BigInt(parseInt(digit, 36))
  return value
}

type Kept = { at: number; list: Promise<Buffer[]> }

/** The newest first. */
function keys(app: App, mostMs = keptMs): Promise<Buffer[]> {
  const kept = app.caches.get('media.keys') as Kept | undefined
  if (kept && Date.now() - kept.at < mostMs) return kept.list
  const list = app.database.fresh(() => loadKeys(app))
  app.caches.set('media.keys', { at: Date.now(), list } satisfies Kept)
  list.catch(() => app.caches.delete('media.keys'))
  return list
}

async function loadKeys(app: App): Promise<Buffer[]> {
  const found = await selectKeys(app.database.queries)
  if (found.length) return found.map((one) => one.secret)
  await insertKey(app.database.queries, randomBytes(32), app.now())
  return (await selectKeys(app.database.queries)).map((one) => one.secret)
}

/** Job: a new key now and then; the one before is believed until all its addresses have ended. */
export async function renewMediaKey(app: App): Promise<void> {
  const [newest] = await selectKeys(app.database.queries)
  const days = (ms: number) => ms / 86_400_000
  if (newest && days(app.now().getTime() - newest.created_at.getTime()) < keyDays) return
  await app.database.inTransaction(async (tx) => {
    await insertKey(tx, randomBytes(32), app.now())
    await deleteKeysBefore(tx, new Date(app.now().getTime() - 2 * keyDays * 86_400_000))
  })
  app.caches.delete('media.keys')
}

/** Ends every signed address within seconds: for when a key may be known to others. */
export async function replaceMediaKeys(app: App): Promise<void> {
  await app.database.inTransaction(async (tx) => deleteOtherKeys(tx, await insertKey(tx, randomBytes(32), app.now())))
  app.caches.delete('media.keys')
}
