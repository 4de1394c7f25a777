import type { Category } from '#server/domain/cases/index.ts'
import type { Split } from './suppress.ts'

export type { Split } from './suppress.ts'

/** Counts as they are, before anything is left out. Hours and minutes are null where there was nothing. */
export type Counted = {
  received: { rules: Record<Category, number>; law: Record<Category, number>; lawBy: { members: number; outsiders: number }; lawItems: number }
  answered: Record<'rules' | 'law', { acted: number; dismissed: number; median: number | null; p90: number | null; byCategory: Partial<Record<Category, { count: number; median: number }>> }>
  done: Record<Origin, Done>
  how: { alone: number; noticed: number; person: number }
  outcomes: Record<string, number>
  judged: { right: number; wrong: number }
  objected: { authors: number; reporters: number }
  appeals: { authors: AppealCounts; reporters: AppealCounts; median: { authors: number | null; reporters: number | null } }
  orders: { countries: Record<string, number>; states: Record<string, number>; items: number; minutes: number | null }
  paused: number
  staff: { people: number; languages: string[] }
}
/** What acts began with: somebody's report, or the community's own look (screening counts as that), for the law or the rules. Orders of authorities are counted as orders. */
export const origins = ['notices', 'ownLaw', 'ownRules'] as const
export type Origin = (typeof origins)[number]
type AppealCounts = { upheld: number; partly: number; overturned: number }
type Done = { acts: Record<string, number>; categories: Record<Category, number>; law: number }

/** A year, or as much of it as is over. `through`: the last day that is in it. */
export type ReportSpan = { year: number; from: string; through: string; final: boolean }
export type DoneShown = { acts: Split; categories: Split; /** by law or rule; of `ownLaw` and `ownRules` it says nothing new */ grounds: Split }
type Times = { median: number | null; p90: number | null }
/** What anybody may read. Counts below five, and those that would tell of one, are null. Hours, minutes; shares from 0 to 1. */
export type Transparency = ReportSpan & {
  madeAt: string
  received: { rules: Split; law: Split; lawBy: Split; lawItems: number | null }
  answered: Record<'rules' | 'law', { outcomes: Split; times: Times; medians: Partial<Record<Category, number>> }>
  /** `own` is `ownLaw` and `ownRules` together: the two are shown apart only where neither tells of a small number in the other. */
  done: { notices: DoneShown; own: DoneShown; ownLaw: DoneShown | null; ownRules: DoneShown | null }
  automation: { how: Split; outcomes: Split; judged: Split; wrongShare: number | null }
  objections: Record<'authors' | 'reporters', { received: number | null; answered: Split; overturnedShare: number | null; median: number | null }>
  orders: { countries: Split; states: Split; items: number | null; minutes: number | null }
  /** who was not heard as a reporter for a while */
  paused: number | null
  staff: { people: number; languages: string[] }
}
