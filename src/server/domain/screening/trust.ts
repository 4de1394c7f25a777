import type { Role } from '#server/domain/accounts/index.ts'

const day = 24

/** How far somebody was trusted at a moment of the past, about: by age and posts that stood, less what was decided against them. What they read then isn't known. */
export function trustThen({ role, ageHours, approved, upheld }: { role: Role; ageHours: number; approved: number; upheld: number }): number {
  if (role !== 'member') return 4
  const level = ageHours < day || approved < 3 ? 0 : ageHours < 7 * day || approved < 10 ? 1 : ageHours < 60 * day || approved < 50 ? 2 : 3
  return Math.max(0, level - upheld)
}
