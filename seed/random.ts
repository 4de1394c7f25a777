/** A small generator of random numbers that is the same everywhere for the same seed (mulberry32). */
export type Random = { next(): number; int(below: number): number; pick<Item>(items: readonly Item[]): Item; chance(part: number): boolean; tail(most: number, steepness?: number): number; bell(): number; shuffled<Item>(items: readonly Item[], count: number): Item[] }

export function random(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const int = (below: number) => Math.floor(next() * below)
  return {
    next, int,
    pick: (items) => items[int(items.length)]!,
    chance: (part) => next() < part,
    /** 0 … most-1, small numbers far more often */
    tail: (most, steepness = 3) => Math.min(most - 1, Math.floor(most * next() ** steepness)),
    /** around 0, mostly within -1 … 1 */
    bell: () => next() + next() + next() + next() + next() + next() - 3 + (next() - 0.5) * 0.9,
    /** some of the items, each at most once */
    shuffled: (items, count) => {
      if (items.length <= count) return [...items]
      const chosen = new Set<number>()
      while (chosen.size < count) chosen.add(int(items.length))
      return [...chosen].map((index) => items[index]!)
    },
  }
}

/** A number for a word, so that `--seed harbour` works as well as `--seed 7`. */
export function seedOf(text: string): number {
  let hash = 2_166_136_261
  for (const sign of text) hash = Math.imul(hash ^ sign.codePointAt(0)!, 16_777_619)
  return hash >>> 0
}
