import type { Random } from './random.ts'
import type { EventWords } from './texts/events.ts'
import { events } from './texts/events.ts'

export const day = 86_400_000
export const weeks = 8

/** Times over eight weeks: more by day than by night, more at weekends, and growing a little. Oldest first, whole milliseconds. */
export function postTimes(posts: number, until: Date, chance: Random): Date[] {
  const begin = until.getTime() - weeks * 7 * day
  const times: number[] = []
  while (times.length < posts) {
    const at = begin + Math.sqrt(chance.next() * 0.75 + 0.25 * chance.next()) * weeks * 7 * day
    if (at > until.getTime()) continue
    const hour = new Date(at).getUTCHours()
    const weekend = [0, 6].includes(new Date(at).getUTCDay())
    const weight = (hour < 6 ? 0.08 : hour < 9 ? 0.6 : hour < 17 ? 0.55 : hour < 23 ? 1 : 0.35) * (weekend ? 1 : 0.8)
    if (chance.chance(weight)) times.push(Math.floor(at))
  }
  return times.sort((a, b) => a - b).map((at) => new Date(at))
}

/** What the town is full of at this hour, if this post is about it: events swell and fade around their day. */
export function eventAt(at: Date, until: Date, chance: Random): EventWords | undefined {
  const ago = (until.getTime() - at.getTime()) / day
  const weekday = at.getUTCDay()
  for (const event of events) {
    const near = event.weekday === undefined ? Math.exp(-(((ago - event.daysAgo) / event.width) ** 2)) : event.weekday === weekday ? 1 : 0
    if (near > 0.02 && chance.chance(near * event.strength)) return event
  }
  return undefined
}
