import type { Noted } from './index.ts'

export type Kept<Value> = { value: Value; words: Set<string>; until: number; bytes: number }

/** Things kept ready by key, each with the words it depends on. The longest unused go first. */
export type Keeper<Value> = {
  /** What is kept and still holds at this time (ms). */
  get(key: string, now: number): Value | undefined
  /** A mark to take before reading what `keep` is given. */
  mark(): number
  /** Keeps it, unless something it depends on changed since the mark. */
  keep(key: string, value: Value, noted: Noted, more: { bytes: number; since: number }): void
  changed(words: string[]): void
  forgetAll(): void
  size(): { entries: number; bytes: number; /** how often something kept was given out, and how often it was made */ hits: number; made: number }
}

/** How many changed words are remembered, for readings under way. */
const mostRecent = 20_000
/** What a word costs in the index, about. */
const wordBytes = 80

/** At most so many bytes, by the senders' own count. */
export function keeper<Value>(mostBytes: number): Keeper<Value> {
  const entries = new Map<string, Kept<Value>>()
  const byWord = new Map<string, Set<string>>()
  const recent = new Map<string, number>()
  let count = 0
  let knownFrom = 0 // what changed before isn't remembered
  let allAt = 0
  let bytes = 0
  let hits = 0
  let made = 0

  const drop = (key: string) => {
    const entry = entries.get(key)
    if (!entry) return
    entries.delete(key)
    bytes -= entry.bytes
    for (const word of entry.words) {
      const keys = byWord.get(word)
      keys?.delete(key)
      if (keys?.size === 0) byWord.delete(word)
    }
  }
  const forgetAll = () => {
    allAt = ++count
    entries.clear()
    byWord.clear()
    recent.clear()
    knownFrom = count
    bytes = 0
  }
  return {
    get(key, now) {
      const entry = entries.get(key)
      if (!entry) return undefined
      if (entry.until <= now) {
        drop(key)
        return undefined
      }
      // The most recently used stand last.
      entries.delete(key)
      entries.set(key, entry)
      hits++
      return entry.value
    },
    mark() { made++; return count },
    keep(key, value, { words, until }, more) {
      if (more.since < knownFrom || more.since < allAt) return
      for (const word of words) if ((recent.get(word) ?? -1) > more.since) return
      const size = more.bytes + words.size * wordBytes
      if (size > mostBytes / 8) return
      drop(key)
      entries.set(key, { value, words, until, bytes: size })
      bytes += size
      for (const word of words) {
        const keys = byWord.get(word)
        if (keys) keys.add(key)
        else byWord.set(word, new Set([key]))
      }
      for (const oldest of entries.keys()) {
        if (bytes <= mostBytes) break
        drop(oldest)
      }
    },
    changed(words) {
      if (words.includes('g')) return forgetAll()
      count++
      for (const word of [...words, '*']) {
        recent.delete(word)
        recent.set(word, count)
        for (const key of byWord.get(word) ?? []) drop(key)
      }
      for (const [word, at] of recent) {
        if (recent.size <= mostRecent) break
        recent.delete(word)
        knownFrom = at
      }
    },
    forgetAll,
    size: () => ({ entries: entries.size, bytes, hits, made }),
  }
}
