import type { DecisionRow } from './queries-decisions.ts'
import { gentle } from './read-decision.ts'

/** Six months (DSA, Article 20(1)), to the same day of the month. */
export function appealEnd(decidedAt: Date): Date {
  const end = new Date(decidedAt)
  end.setUTCMonth(end.getUTCMonth() + 6)
  return end
}
/** Is there something to object to? What gives back, or was taken back, is not. */
export const mayBeAppealed = (row: Pick<DecisionRow, 'act' | 'reversed_by_id' | 'undone_at'>) => !gentle.has(row.act) && row.reversed_by_id === null && row.undone_at === null
