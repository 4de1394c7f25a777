import type { App } from '#server/app.ts'
import { readAddress } from '#server/platform/fetch/index.ts'
import { selectByAddress, selectCards, selectShareDays, selectShared, updateHidden } from './queries.ts'
import type { Tx } from '#server/platform/db/index.ts'
import type { CardId, SharedLink } from './types.ts'
import { cardView } from './view.ts'

const day = 86_400_000
const week = 7
const fewest = 2
const most = 40
const seconds = 60

/** Links that several people shared within three days, the most shared first; at most forty, counted anew each minute. */
export async function sharedLinks(app: App): Promise<SharedLink[]> {
  const kept = app.caches.get('cards shared') as { at: number; list: Promise<SharedLink[]> } | undefined
  const now = app.now()
  if (kept && now.getTime() - kept.at < seconds * 1000) return kept.list
  const list = count(app, now)
  app.caches.set('cards shared', { at: now.getTime(), list })
  list.catch(() => app.caches.delete('cards shared'))
  return list
}

async function count(app: App, now: Date): Promise<SharedLink[]> {
  const found = await selectShared(app.database.queries, new Date(now.getTime() - 3 * day), fewest, most)
  const ids = found.map((one) => one.card_id)
  const [rows, days] = await Promise.all([selectCards(app.database.queries, ids), selectShareDays(app.database.queries, ids, now, week)])
  return found.flatMap(({ card_id, people }) => {
    const row = rows.find((one) => one.id === card_id)
    const list = Array.from({ length: week }, (_, ago) => days.find((one) => one.card_id === card_id && one.ago === ago)?.people ?? 0)
    return row ? [{ card: cardView(row), people, days: list }] : []
  })
}

/** The cards that an address stands for; several where it was written in several ways. */
export async function cardsAt(app: App, address: string): Promise<CardId[]> {
  const read = readAddress(address, app.config.fetchAllow)
  return read ? selectByAddress(app.database.queries, read.url.href) : []
}

/** Takes a link out of what people share, or back in. The record of it is the caller's. False where there is none. */
export async function hideLink(app: App, tx: Tx, id: string, hidden: boolean): Promise<boolean> {
  const done = await updateHidden(tx, id, hidden ? app.now() : null)
  app.caches.delete('cards shared')
  return done
}
