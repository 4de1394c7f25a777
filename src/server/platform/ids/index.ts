/** Ids are decimal strings of 64-bit numbers: 48 bits of Unix milliseconds, 6 of process, 10 of counter.
 * They sort by (length, text) in time order, as Mastodon's clients expect. */
export type Id<Kind extends string = string> = string & { readonly __kind?: Kind }

const pattern = /^[1-9][0-9]{0,18}$/
const largest = 9223372036854775807n

/** Does this text look like an id that PostgreSQL's bigint can hold? */
export function isId(text: unknown): text is string {
  return typeof text === 'string' && pattern.test(text) && BigInt(text) <= largest
}

export type NewId = <Kind extends string>(at?: Date) => Id<Kind>

/**
 * Makes ids that always rise within this process, even when the clock steps back.
 * `process` (0–63) keeps several processes apart; `above` is the newest id already used.
 */
export function idMaker(process = 0, above = '0', now: () => number = Date.now): NewId {
  let last = BigInt(above) >> 10n
  let counter = 0n
  let lastMs = last >> 6n
  return <Kind extends string>(at?: Date) => {
    if (at) return (((BigInt(at.getTime()) << 16n) | (BigInt(process) << 10n) | BigInt(Math.floor(Math.random() * 1024)))).toString() as Id<Kind>
    const ms = BigInt(now())
    if (ms > lastMs) { lastMs = ms; counter = 0n }
    else if (++counter > 1023n) { lastMs += 1n; counter = 0n }
    last = (lastMs << 6n) | BigInt(process)
    return ((last << 10n) | counter).toString() as Id<Kind>
  }
}

/** Which id is newer? Negative when `a` is older. */
export const compareIds = (a: string, b: string) => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
