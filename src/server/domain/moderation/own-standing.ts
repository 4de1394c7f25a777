import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { selectCounting, selectStrikes } from './queries-decisions.ts'
import { misuseStep } from './strikes.ts'
import type { Step } from './strikes.ts'
import type { Act, DecisionId } from './types.ts'

/** What counts against the member now, the first to end first; `next` is what more of the same would suggest. A person decides. */
export type OwnStanding = { weight: number; counting: { id: DecisionId; act: Act; weight: number; endsAt: string | null }[]; next: Step }

export async function ownStanding(app: App, viewer: Account): Promise<OwnStanding> {
  const [rows, strikes] = await Promise.all([selectCounting(app.database.queries, viewer.id, app.now()), selectStrikes(app.database.queries, viewer.id, app.now())])
  const told = rows.reduce((sum, row) => sum + row.strike, 0)
  return { weight: told, counting: rows.map((row) => ({ id: row.id, act: row.act, weight: row.strike, endsAt: row.strike_ends_at?.toISOString() ?? null })), next: misuseStep({ weight: told + 1, warned: strikes.warned }) }
}
