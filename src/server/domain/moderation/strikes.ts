import type { Act } from './types.ts'

/** How much an act counts, and for how many days. What does nothing to the person counts nothing. */
const weights: Partial<Record<Act, { weight: number; days: number }>> = {
  warn: { weight: 1, days: 90 }, remove_post: { weight: 1, days: 90 }, label: { weight: 0, days: 0 }, refuse_avatar: { weight: 0, days: 0 }, remove_avatar: { weight: 1, days: 90 }, remove_cover: { weight: 1, days: 90 },
  limit_post: { weight: 1, days: 90 }, hide_media: { weight: 1, days: 90 }, hide_links: { weight: 1, days: 90 }, erase_post: { weight: 1, days: 90 }, cool_down: { weight: 1, days: 90 }, stop_media: { weight: 1, days: 90 }, stop_links: { weight: 1, days: 90 }, stop_replies: { weight: 1, days: 90 },
  clear_profile: { weight: 1, days: 90 }, limit: { weight: 2, days: 180 }, suspend: { weight: 3, days: 365 },
}
export const strikeOf = (act: Act): { weight: number; days: number } => weights[act] ?? { weight: 0, days: 0 }

/** What the policy suggests next. A person decides. */
export type Step = { act: 'warn' | 'limit' | 'suspend' | null; days: number }

/**
 * Repeat misuse (DSA, Article 23(1)): a warning comes first, then a limit, then a suspension for a reasonable time,
 * weighed by what counts now. Only ever harder as more counts.
 */
export function misuseStep(record: { weight: number; warned: boolean }): Step {
  if (record.weight <= 0) return { act: null, days: 0 }
  if (!record.warned || record.weight < 2) return { act: 'warn', days: 0 }
  if (record.weight < 4) return { act: 'limit', days: 7 }
  return { act: 'suspend', days: record.weight < 7 ? 14 : 60 }
}

/** The same for who reports often without ground (Article 23(2)): weighed by number and share, warned first, then not heard for thirty days. */
export function reporterStep(record: { decided: number; upheld: number; warned: boolean }): 'none' | 'warn' | 'pause' {
  if (record.decided < 5 || record.upheld * 5 > record.decided) return 'none'
  return record.warned ? 'pause' : 'warn'
}
