/** Ids are decimal strings of 64-bit numbers: 48 bits of Unix milliseconds, 10 of process, 6 of counter.
 * They sort by (length, text) in time order, as Mastodon's clients expect. */
export type Id<Kind extends string = string> = string & { readonly __kind?: Kind }

const pattern = /^[1-9][0-9]{0,18}$/
const largest = 9223372036854775807n

/** Does this text look like an id that PostgreSQL's bigint can hold? */
export function isId(text: unknown): text is string {
  return typeof text === 'string' && pattern.test(text) && BigInt(text) <= largest
}

export type NewId = <Kind extends string>() => Id<Kind>

/** By which number ids are made (0–1023), and above which id. */
export type Place = { number: number; above: string }
export const mostProcesses = 1024
const mostAMillisecond = 64n

/**
 * Makes ids that always rise within this process, even when the clock steps back. `place` is asked each time, and may throw
 * while no number is surely ours; it gives the same object until the number is another. `made` is told each id.
 */
export function idMaker({ place, made }: { place(): Place; made(id: string): void }, now: () => number = Date.now): NewId {
  let known: Place | undefined
  let counter = 0n
  let last = 0n // ms
  return <Kind extends string>() => {
    const held = place()
    if (held !== known) {
      const above = BigInt(held.above) >> 16n
      // Among ids of one millisecond another number may come first: a new one begins later than anything made before.
      last = (above > last ? above : last) + 1n
      counter = -1n
      known = held
    }
    const ms = BigInt(now())
    if (ms > last) { last = ms; counter = 0n }
    else if (++counter >= mostAMillisecond) { last += 1n; counter = 0n }
    const id = ((last << 16n) | (BigInt(held.number) << 6n) | counter).toString()
    made(id)
    return id as Id<Kind>
  }
}

/** Which id is newer? Negative when `a` is older. */
export const compareIds = (a: string, b: string) => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
