/** Fewer people than this are no trend. */
export const fewestPeople = 3
const halfLife = 24 // hours

/** What one person who used a tag so many hours ago counts: 1 now, ½ after a day, ¼ after two. */
const weight = (hours: number) => 0.5 ** (Math.max(0, hours) / halfLife)

/**
 * How strongly a tag trends. `ages`: for each distinct person of the last three days, how many hours ago they last used
 * it, so that writing often counts once. `before`: distinct people on each of the days before those.
 *
 *   recent = Σ ½^(age in days)                       people now count 1, those of two days ago ¼
 *   usual  = mean(before) · Σ over 3 days of ½^day   what recent would be on usual days
 *   score  = (recent − usual) / √(usual + 1)         how far beyond chance, as for Poisson counts
 *
 * A tag of three people a day needs a real burst, and an everyday tag doesn't trend by being everyday.
 */
export function tagScore(ages: number[], before: number[]): number {
  if (ages.length < fewestPeople) return 0
  const recent = ages.reduce((sum, hours) => sum + weight(hours), 0)
  const usual = before.length ? (before.reduce((sum, people) => sum + people, 0) / before.length) * (weight(12) + weight(36) + weight(60)) : 0
  return (recent - usual) / Math.sqrt(usual + 1)
}

/** How strongly a post trends: distinct others who liked, boosted or answered it, each counted once, sinking with the post's age in hours. */
export function postScore(people: number, hours: number): number {
  return people < fewestPeople ? 0 : people / (Math.max(0, hours) + 4) ** 1.3
}
