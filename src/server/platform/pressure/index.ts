/** Who waits: writing by members comes first, then their reading, then visitors. */
export type Rank = 0 | 1 | 2
export type Place = {
  /** gives the place back; again is fine */
  leave(): void
  /** while its body is still coming, nobody works for it: it takes no place from others */
  coming(): void
  here(): void
}
export type Pressure = {
  /** A place to be worked for, at once or after waiting in line; undefined where it would take too long: then say when to come again. */
  enter(rank: Rank): Place | undefined | Promise<Place | undefined>
  /** seconds after which coming again makes sense */
  retryAfter(): number
  /** for measuring */
  now(): { running: number; limit: number; waiting: number; shed: number; delayMs: number }
  close(): void
}
type Waiter = { since: number; take(place: Place | undefined): void }

/** ms that each rank waits at most */
const patience: Record<Rank, number> = { 0: 500, 1: 400, 2: 200 }
/** Behind so many nobody is served in time. */
const longestLine: Record<Rank, number> = { 0: 1000, 1: 1000, 2: 500 }
/** ms by which the event loop may be late before a rank is sent away at once, where the house is half full */
const mostDelay: Record<Rank, number> = { 0: 1000, 1: 400, 2: 200 }
const longestMs = 30_000
/** ms that one should be worked for at most, when the house is full; never fewer than `least` at once for it */
const goodMs = 200
const least = 4
const lookMs = 50

/**
 * At most `most` requests are worked for at once, fewer where each takes long: all share the database, and more at once would only make
 * each of them slower. Others wait in line, the more important first, and are sent away when they have waited too long, when the line is
 * too long or when the event loop is late. So that memory doesn't grow, and what is taken on is done in time.
 */
export function openPressure(most: number, clock: () => number = () => performance.now()): Pressure {
  const lines: [Waiter[], Waiter[], Waiter[]] = [[], [], []]
  let running = 0
  let limit = most
  /** ms that one is worked for, of late */
  let worked = 0
  let shed = 0
  let delayMs = 0
  let lastShed = -Infinity

  const refuse = (): undefined => { shed++; lastShed = clock() }
  const taken = new Map<Place, number>()
  const place = (): Place => {
    let left = false
    const take = () => { running++; taken.set(made, clock()) }
    const release = () => {
      const since = taken.get(made)
      if (since === undefined) return
      taken.delete(made)
      worked += (clock() - since - worked) / 10
      running--
      next()
    }
    const made: Place = {
      leave() { left = true; release() },
      coming: release,
      here() { if (!left && !taken.has(made)) take() },
    }
    take()
    return made
  }
  const late = (line: Waiter[], { since }: Waiter) => clock() - since > patience[lines.indexOf(line as never) as Rank]
  function next(): void {
    while (running < limit) {
      const line = lines.find((one) => one.length > 0)
      const first = line?.shift()
      if (!first) return
      first.take(late(line!, first) ? refuse() : place())
    }
  }
  /** ms that half of those inside have been worked for: a crowd that comes at once is seen before the first of them is done. One who hangs isn't. */
  const inside = (now: number): number => [...taken.values()].map((since) => now - since).sort((a, b) => a - b)[taken.size >> 1] ?? 0
  // Whoever has waited too long goes, from the front: they came first.
  let lastLook = clock()
  const look = setInterval(() => {
    const now = clock()
    // How late this look is, so late is everything; forgotten within a few of them.
    delayMs = Math.max(now - lastLook - lookMs, delayMs / 2)
    lastLook = now
    for (const line of lines) while (line[0] && late(line, line[0])) line.shift()!.take(refuse())
    if (running >= limit && Math.max(worked, inside(now)) > goodMs) limit = Math.max(Math.min(least, most), limit * 0.9)
    else if (worked < goodMs * 0.8) limit = Math.min(most, limit + 0.5)
    // What hangs must not keep everybody else out.
    for (const [held, since] of taken) if (now - since > longestMs) held.leave()
  }, lookMs)
  look.unref()

  return {
    enter(rank) {
      // One long breath with nearly nobody in the house is no crowd.
      if (delayMs > mostDelay[rank] && running >= limit / 2) return refuse()
      if (running < limit) return place()
      const line = lines[rank]
      if (line.length >= longestLine[rank]) return refuse()
      return new Promise((take) => { line.push({ since: clock(), take }) })
    },
    // Longer while many are sent away, so that they don't all come back at once.
    retryAfter: () => 1 + Math.floor(Math.random() * (clock() - lastShed < 1000 ? 5 : 2)),
    now: () => ({ running, limit: Math.floor(limit), waiting: lines.reduce((sum, line) => sum + line.length, 0), shed, delayMs }),
    close() { clearInterval(look) },
  }
}
