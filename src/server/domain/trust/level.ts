import type { Level, Missing, Needs, TrustFacts, TrustSettings, TrustView } from './types.ts'

const clamp = (level: number): Level => Math.max(0, Math.min(4, Math.floor(level))) as Level

/** What taking part has earned, decisions aside: the highest level whose needs, and those below it, are met; at least where they began. Never 4. */
export function earned(facts: TrustFacts, settings: TrustSettings): Level {
  const start = clamp(Math.min(3, facts.cameBy ? settings.start[facts.cameBy] : Math.max(1, settings.start.approval)))
  let level = 0
  for (const next of [1, 2, 3] as const) {
    if (!meets(facts, settings.needs[next])) break
    level = next
  }
  return clamp(Math.max(start, level))
}

const meets = (facts: Needs, needs: Needs) => facts.days >= needs.days && facts.readDays >= needs.readDays && facts.posts >= needs.posts && facts.likers >= needs.likers

/**
 * The level, and why it is that one. A pin counts before all; who looks after the community leads here; whoever is held is as the newest
 * until then; else what was earned, less what decisions against them still count (a limited reach counts two).
 */
export function levelOf(facts: TrustFacts, settings: TrustSettings, now: Date): { level: Level; because: TrustView['because'] } {
  if (facts.pinned !== null) return { level: facts.pinned, because: 'pinned' }
  if (facts.role !== 'member') return { level: 4, because: 'role' }
  if (facts.heldUntil && facts.heldUntil > now) return { level: 0, because: 'held' }
  const own = earned(facts, settings)
  const level = clamp(own - facts.strikes - (facts.state === 'limited' ? 2 : 0))
  return { level, because: level < own ? 'lowered' : 'earned' }
}

/** What keeps somebody from `level` by taking part: the longest way first counted. Null where nothing does. */
export function missing(facts: Needs, settings: TrustSettings, level: 1 | 2 | 3): Missing | null {
  const most = [1, 2, 3].filter((one) => one <= level).map((one) => settings.needs[one as 1 | 2 | 3])
  const need = (name: keyof Needs) => Math.max(...most.map((one) => one[name])) - facts[name]
  const [days, readDays, posts, likers] = [need('days'), need('readDays'), need('posts'), need('likers')]
  if (days > 0 && days >= readDays) return days > 2 ? { what: 'days', count: Math.ceil(days) } : { what: 'hours', count: Math.max(1, Math.ceil(days * 24)) }
  if (readDays > 0) return { what: 'readDays', count: Math.ceil(readDays) }
  if (posts > 0) return { what: 'posts', count: posts }
  return likers > 0 ? { what: 'likers', count: likers } : null
}
