import type { Files } from '../files/index.ts'
import { listBackups, mediaLines } from './list.ts'
import { mediaName } from './manifest.ts'

export type Keeping = { /** of as many of the last days one each */ daily: number; /** of as many weeks */ weekly: number; /** of as many months */ monthly: number }

/** Which of these (the oldest first) stay: always the newest, then the newest of each day, week and month as far back as wanted. */
export function keptOf(ids: string[], keeping: Keeping): Set<string> {
  const kept = new Set<string>(ids.slice(-1))
  const dayOf = (id: string) => Math.floor(Date.UTC(Number(id.slice(0, 4)), Number(id.slice(4, 6)) - 1, Number(id.slice(6, 8))) / 86_400_000)
  const spans: [number, (id: string) => string][] = [[keeping.daily, (id) => id.slice(0, 8)], [keeping.weekly, (id) => String(Math.floor((dayOf(id) + 3) / 7))], [keeping.monthly, (id) => id.slice(0, 6)]]
  for (const [most, spanOf] of spans) {
    const spansSeen = new Set<string>()
    for (const id of ids.toReversed()) {
      if (spansSeen.has(spanOf(id))) continue
      if (spansSeen.size >= most) break
      spansSeen.add(spanOf(id))
      kept.add(id)
    }
  }
  return kept
}

/**
 * Takes older backups away, and media that no backup needs any more. The manifest goes first. Media is only swept where every
 * list can be read: encrypted ones need the identity.
 */
export async function pruneBackups(place: Files, keeping: Keeping, identity: string | null): Promise<{ removed: string[]; kept: string[]; media: number; swept: boolean }> {
  const all = await listBackups(place)
  const kept = keptOf(all.map((one) => one.id), keeping)
  const removed = all.filter((one) => !kept.has(one.id)).map((one) => one.id)
  for (const id of removed) {
    await place.remove(`backups/${id}/manifest.json`)
    await place.remove(`backups/${id}`)
  }
  const left = all.filter((one) => kept.has(one.id))
  if (left.some((one) => one.encrypted) && identity === null) return { removed, kept: [...kept], media: 0, swept: false }
  const needed = new Set<string>()
  for (const one of left) for await (const line of mediaLines(place, one, identity)) needed.add(mediaName(line.name, one.encrypted))
  let media = 0
  const newest = left.at(-1)
  for await (const { name, modified } of place.entries('media')) {
    // What came after the newest backup may belong to one that is being made.
    if (needed.has(name) || !newest || modified > new Date(newest.createdAt)) continue
    await place.remove(name)
    media++
  }
  return { removed, kept: [...kept], media, swept: true }
}
