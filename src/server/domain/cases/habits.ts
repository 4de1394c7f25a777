import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { invalidForm } from '#server/platform/errors.ts'
import { categoryFacts, hardCategories } from './categories.ts'
import type { Category } from './categories.ts'
import { insertSeen, selectDay, selectHabits, selectSeen, upsertHabits } from './queries-habits.ts'
import { demandStaff } from './staff.ts'
import type { CaseId } from './types.ts'

/** How one moderator wants to work. `hard`: categories they take on; nobody is put before them unasked. */
export type Habits = { hard: Category[]; dailyHard: number; plainMedia: boolean; breakMinutes: number; /** of pictures, in pixels */ blur: number }
const usualBlur = 24
/** What they looked at today, in UTC days. `minutes`: without a break of five minutes or more. */
export type Day = { cases: number; hard: number; minutes: number; breakDue: boolean; limitReached: boolean }

/** The owner begins with everything, as somebody has to; everybody else with nothing hard. */
export async function habitsOf(app: App, moderator: Account): Promise<Habits> {
  demandStaff(moderator)
  const row = await selectHabits(app.database.queries, moderator.id)
  if (!row) return { hard: moderator.role === 'owner' ? hardCategories : [], dailyHard: 10, plainMedia: false, breakMinutes: 25, blur: usualBlur }
  return { hard: hardCategories.filter((one) => row.hard.includes(one)), dailyHard: row.daily_hard, plainMedia: row.plain_media, breakMinutes: row.break_minutes, blur: row.blur }
}

/** Changes one's own way of working. Throws a form error that names each bad field. */
export async function setHabits(app: App, moderator: Account, given: { hard: string[]; dailyHard: number; plainMedia: boolean; breakMinutes: number; blur?: number }): Promise<void> {
  demandStaff(moderator)
  const bad = (field: string, value: number, most: number) => (Number.isInteger(value) && value >= 0 && value <= most ? [] : [{ field, message: 'error.badValue' }])
  const problems = [...bad('dailyHard', given.dailyHard, 1000), ...bad('breakMinutes', given.breakMinutes, 480), ...bad('blur', given.blur ?? usualBlur, 80)]
  if (problems.length) throw invalidForm(problems)
  await upsertHabits(app.database.queries, moderator.id, { ...given, blur: given.blur ?? usualBlur, hard: hardCategories.filter((one) => given.hard.includes(one)) }, app.now())
}

/** Today's load, for the limit and the gentle word about a break. */
export async function dayOf(app: App, moderator: Account, habits: Habits): Promise<Day> {
  const now = app.now()
  const rows = await selectDay(app.database.queries, moderator.id, now)
  const hard = rows.filter((row) => row.hard).length
  let since = now.getTime()
  for (const row of rows.toSorted((a, b) => b.last_at.getTime() - a.last_at.getTime())) {
    if (since - row.last_at.getTime() > 5 * 60_000) break
    since = Math.min(since, row.first_at.getTime())
  }
  const minutes = Math.round((now.getTime() - since) / 60_000)
  return { cases: rows.length, hard, minutes, breakDue: habits.breakMinutes > 0 && minutes >= habits.breakMinutes, limitReached: hard >= habits.dailyHard }
}

/** Does this moderator see what is in a case of this category? */
export const takesOn = (habits: Pick<Habits, 'hard'>, category: string) => !categoryFacts(category).hard || habits.hard.some((one) => one === category)

/** Did they open it today already? */
export const seenToday = (app: App, moderator: Account, caseId: CaseId): Promise<boolean> => selectSeen(app.database.queries, moderator.id, caseId, app.now())

/** They looked at it: counts for today. True the first time of the day. */
export async function noteSeen(app: App, moderator: Account, caseId: CaseId, category: string): Promise<boolean> {
  return insertSeen(app.database.queries, { accountId: moderator.id, caseId, hard: categoryFacts(category).hard, at: app.now() })
}
