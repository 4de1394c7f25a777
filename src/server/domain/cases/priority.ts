/** What decides which case comes first. `elapsed` of `allowed`: how much of its time is gone, in the same unit. */
export type Urgency = { severity: number; reach: number; record: number; reports: number; elapsed: number; allowed: number }

export const severityWeights = [1, 2, 5, 15, 60] as const

/**
 * Severity × reach × the reporters' record × how many said so × age. Each factor only ever raises it; age has no ceiling,
 * so that nothing waits for ever. `scoreOf` in queries.ts says the same in SQL, and a test holds them together.
 */
export function priority({ severity, reach, record, reports, elapsed, allowed }: Urgency): number {
  const weight = severityWeights[Math.min(4, Math.max(0, Math.round(severity)))]!
  return weight * (1 + Math.log10(1 + Math.max(0, reach)) / 3) * (0.5 + Math.min(1, Math.max(0, record))) * (1 + Math.log2(Math.max(1, reports)) / 4) * (1 + 3 * Math.max(0, elapsed) / Math.max(1, allowed))
}

/** How often somebody's reports were right, smoothed: who never reported counts as a coin (Laplace's rule of succession). */
export const recordOf = (upheld: number, decided: number) => (upheld + 1) / (decided + 2)

/** What the clock looks like: 'late' past its end, 'soon' in the last quarter. */
export function clockColour(createdAt: Date, dueAt: Date, now: Date): 'late' | 'soon' | 'fine' {
  if (now >= dueAt) return 'late'
  return dueAt.getTime() - now.getTime() < (dueAt.getTime() - createdAt.getTime()) / 4 ? 'soon' : 'fine'
}
