/**
 * How strongly a tag trends. `days`: distinct people a day over the last fourteen, oldest first.
 * The last three days count with weights 1, ½, ¼ (newest first); the usual level is the mean of the eleven before.
 * The score is how far the recent people exceed √(usual) beyond the usual, as in a test for Poisson counts, so that
 * a tag of three people a day needs a real burst and an everyday tag doesn't trend by being everyday.
 */
export function tagScore(days: number[]): number {
  const recent = (days.at(-1) ?? 0) + (days.at(-2) ?? 0) / 2 + (days.at(-3) ?? 0) / 4
  const before = days.slice(0, -3)
  const usual = before.length ? (before.reduce((sum, count) => sum + count, 0) / before.length) * 1.75 : 0
  return (recent - usual) / Math.sqrt(usual + 1)
}
