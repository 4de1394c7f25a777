/** Below this, a count could be about somebody that a reader knows. */
export const few = 5

/** A whole and its parts as anybody may see them. A null isn't shown; no parts at all: the whole table isn't. */
export type Split = { total: number | null; parts: Record<string, number | null> | null }

export const withheld: Split = { total: null, parts: null }

/**
 * Leaves out counts below five so that none can be worked out, not even by somebody who knows this function. Parts of a whole add
 * up, so with the first small one two others go: the last two of `counts` that aren't nought. Which ones depends on what is nought
 * (that is shown) and not on how large anything is. Where what is hidden is too little in all to leave doubt, all that isn't nought
 * is hidden, and where that is too little, too, the whole table. So each hidden part may be at least three different numbers
 * (suppress.test.ts tries every small table). `tied`: parts that are hidden elsewhere and are the same there.
 */
export function split(counts: Record<string, number>, tied: Iterable<string> = []): Split {
  const some = Object.entries(counts).filter(([, count]) => count > 0)
  const total = some.reduce((sum, [, count]) => sum + count, 0)
  if (total > 0 && total < few) return withheld
  const alsoHidden = new Set(tied)
  const small = some.filter(([key, count]) => count < few || alsoHidden.has(key)).map(([key]) => key)
  if (small.length === 0) return { total, parts: { ...counts } }
  let hidden = new Set([...small, ...some.slice(-2).map(([key]) => key)])
  const together = some.reduce((sum, [key, count]) => sum + (hidden.has(key) ? count : 0), 0)
  if (together < hidden.size - 2 + few) hidden = new Set(some.map(([key]) => key))
  // One alone would be the total.
  if (hidden.size < 2) return withheld
  if (total < hidden.size - 2 + few) return { total, parts: null }
  return { total, parts: Object.fromEntries(Object.entries(counts).map(([key, count]) => [key, hidden.has(key) ? null : count])) }
}

/** Is this part left out? */
export const isHidden = (of: Split, key: string) => of.parts === null || of.parts[key] === null
