import type { App } from '#server/app.ts'
import type { MediaPrint } from '#server/domain/media/index.ts'
import { qualityNeeded, sameWithin, turns } from '#server/platform/fingerprint/index.ts'
import { findNear } from './near.ts'
import type { EntryRow } from './queries-match.ts'
import { selectEntries, selectFilms, selectRules } from './queries-match.ts'
import { inShare, strengthOf } from './strength.ts'
import type { HashAction, HashList, SignalType } from './types.ts'

/** What one media item has in common with one entry. */
export type Found = { entryId: string; list: HashList; signal: SignalType; distance: number | null; turn: string | null; frameShare: number | null; quality: number | null; action: HashAction }
/** What can be looked up: a stored item, or a picture that was only shown. */
export type Looked = Pick<MediaPrint, 'kind' | 'sha256' | 'md5' | 'sha1' | 'frames'>

type Near = { distance: number; turn: string; quality: number; frame: number }

/** Compares each of these with everything that is listed; the matches of each, in their order. `anyPicture`: of a listed film one picture is enough. */
export async function findListed(app: App, looked: Looked[], { anyPicture = false } = {}): Promise<Found[][]> {
  const on = app.database.queries
  const hashes = looked.flatMap(({ sha256, md5, sha1 }) => [sha256, md5, sha1]).filter((one) => one !== null)
  const nearby = await nearOf(app, looked)
  const keys = [...new Set(nearby.flatMap((one) => [...one.keys()]))].map((hex) => Buffer.from(hex, 'hex'))
  const [same, pictures, films] = await Promise.all([
    hashes.length ? selectEntries(on, ['sha256', 'md5', 'sha1', 'video_md5'], hashes) : [],
    keys.length ? selectEntries(on, ['pdq'], keys) : [],
    keys.length ? selectFilms(on, keys) : [],
  ])
  const all = [...same, ...pictures, ...films]
  const lists = all.length ? await selectRules(on, [...new Set(all.map((entry) => entry.list_id))]) : new Map<string, HashList>()
  return looked.map((one, at) => found(one, nearby[at]!, { same, pictures, films }, lists, anyPicture))
}

/** For each item: every listed picture that is near to one of its own, by its value, with all the ways in which it is. */
async function nearOf(app: App, looked: Looked[]): Promise<Map<string, Near[]>[]> {
  const asked: { item: number; frame: number; turn: string; quality: number }[] = []
  const queries: Buffer[] = []
  for (const [item, { frames }] of looked.entries()) for (const [frame, { quality, hashes }] of frames.entries()) {
    // Below this there is too little to see: any other plain picture would be 'the same'.
    if (quality < qualityNeeded) continue
    for (const [turn, hash] of hashes.entries()) {
      asked.push({ item, frame, turn: turns[turn]!, quality })
      queries.push(hash)
    }
  }
  const result = looked.map(() => new Map<string, Near[]>())
  if (queries.length === 0) return result
  for (const { query, key, distance } of await findNear(app, queries, sameWithin)) {
    const { item, frame, turn, quality } = asked[query]!
    const nears = result[item]!
    const hex = key.toString('hex')
    nears.set(hex, [...nears.get(hex) ?? [], { distance, turn, quality, frame }])
  }
  return result
}

type Entries = { same: EntryRow[]; pictures: EntryRow[]; films: EntryRow[] }

function found(looked: Looked, near: Map<string, Near[]>, { same, pictures, films }: Entries, lists: Map<string, HashList>, anyPicture: boolean): Found[] {
  const result: Found[] = []
  const keep = (entry: EntryRow, seen: { distance: number | null; quality: number | null; turn: string | null; oneOfMany: boolean; frameShare: number | null }) => {
    const list = lists.get(entry.list_id)
    if (!list || !list.enabled || !inShare(entry.key, list.enabledShare)) return
    const action = strengthOf({
      rule: list, entry: { opinion: entry.opinion, confidence: entry.confidence, judgedRight: entry.judged_right, judgedWrong: entry.judged_wrong },
      distance: seen.distance, quality: seen.quality, oneOfMany: seen.oneOfMany,
    })
    if (action) result.push({ entryId: entry.id, list, signal: entry.signal, distance: seen.distance, turn: seen.turn, frameShare: seen.frameShare, quality: seen.quality, action })
  }
  const own = [looked.sha256, looked.md5, looked.sha1]
  for (const entry of same) {
    const mine = own.some((hash) => hash?.equals(entry.key)) && (entry.signal !== 'video_md5' || looked.kind === 'video' || looked.kind === 'animation')
    if (mine) keep(entry, { distance: null, quality: null, turn: null, oneOfMany: false, frameShare: null })
  }
  const film = looked.kind === 'video'
  for (const entry of pictures) {
    const best = near.get(entry.key.toString('hex'))?.reduce((one, other) => other.distance < one.distance ? other : one)
    if (best) keep(entry, { distance: best.distance, quality: best.quality, turn: best.turn, oneOfMany: film, frameShare: null })
  }
  for (const [id, rows] of Map.groupBy(films, (row) => row.id)) {
    const entry = rows.find((row) => row.id === id)!
    const list = lists.get(entry.list_id)
    const alike = list ? alikeFilm(looked, near, rows, list.distance) : null
    if (list && alike && (anyPicture || alike.share >= list.frameShare)) keep(entry, { distance: alike.distance, quality: alike.quality, turn: alike.turn, oneOfMany: alike.frames < 2, frameShare: alike.share })
  }
  return result
}

/**
 * How much of a listed film is in an uploaded one, or the other way round: the larger of both shares. A listed film within a
 * longer one is found by the first, an excerpt of a listed film by the second. (vPDQ's own tools use the one or the other; its
 * README and its code disagree.) Pictures with little to see count on neither side.
 */
function alikeFilm(looked: Looked, near: Map<string, Near[]>, rows: EntryRow[], within: number): { share: number; distance: number; quality: number; turn: string; frames: number } | null {
  const seen = rows.flatMap((row) => {
    const ways = (near.get(row.frame_key!.toString('hex')) ?? []).filter((way) => way.distance <= within)
    return ways.length ? [{ ways, best: ways.reduce((one, other) => other.distance < one.distance ? other : one) }] : []
  })
  if (seen.length === 0) return null
  const own = looked.frames.filter((frame) => frame.quality >= qualityNeeded).length
  const frames = new Set(seen.flatMap(({ ways }) => ways.map((way) => way.frame))).size
  const sorted = seen.map(({ best }) => best).sort((one, other) => one.distance - other.distance)
  const middle = sorted[Math.floor(sorted.length / 2)]!
  return { share: Math.max(frames / own, seen.length / Math.max(1, rows[0]!.frames)), distance: middle.distance, quality: middle.quality, turn: middle.turn, frames }
}
