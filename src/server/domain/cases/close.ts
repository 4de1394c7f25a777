import type { App } from '#server/app.ts'
import { audit } from '#server/domain/instance/index.ts'
import { forgetEvidence } from '#server/domain/media/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import type { AccountId } from '#server/domain/accounts/index.ts'
import { categoryFacts } from './categories.ts'
import { clockMinutes } from './clocks.ts'
import type { CaseRow } from './queries.ts'
import { updateDecided, updateReopened } from './queries.ts'
import { dropEvidence, selectForgettable } from './queries-close.ts'
import type { CaseOutcome } from './types.ts'

const day = 86_400_000
/** Six months for objections (DSA, Article 20; EU 2021/784, Article 6); a year for the hardest (US REPORT Act, 18 USC 2258A(h)). */
const keepDays = (category: string) => (categoryFacts(category).severity >= 4 ? 366 : 184)

/** A case is answered. Its evidence stays as long as somebody may object, or the law asks for it. */
export async function closeCase(app: App, tx: Tx, row: Pick<CaseRow, 'id' | 'category'>, how: { outcome: CaseOutcome; decisionId: string | null; byId: AccountId | null }): Promise<void> {
  await updateDecided(tx, { id: row.id, ...how, at: app.now(), keepUntil: new Date(app.now().getTime() + keepDays(row.category) * day) })
}

/** It has to be looked at again, within the time its kind is promised. */
export async function reopenCase(app: App, tx: Tx, row: Pick<CaseRow, 'id' | 'clock'>): Promise<void> {
  await updateReopened(tx, row.id, new Date(app.now().getTime() + (await clockMinutes(tx))[row.clock] * 60_000))
}

/** Job: evidence whose time is over goes; of the case only what was decided stays. */
export async function forgetOldEvidence(app: App): Promise<void> {
  for (let more = true; more;) {
    more = await app.database.inTransaction(async (tx) => {
      const ids = await selectForgettable(tx, app.now(), 200)
      await forgetEvidence(tx, ids)
      await dropEvidence(tx, ids)
      for (const id of ids) await audit(app, tx, 'program', 'case.evidenceForgotten', { kind: 'case', id })
      return ids.length === 200
    })
  }
}
