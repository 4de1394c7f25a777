import type { Tx } from '#server/platform/db/index.ts'
import { conflict, notFound } from '#server/platform/errors.ts'
import { categoryFacts } from './categories.ts'
import type { Category } from './categories.ts'
import { lockCase } from './queries.ts'
import { updateCategory } from './queries-close.ts'
import type { CaseId } from './types.ts'

/** Beyond this, waiting does harm: what it is called decides who may see it, how fast it is due and how long evidence stays. */
const mildest = 2

/**
 * A moderator says what an open case is about. Only among what is mild: a hard one is made lighter by a decision, which
 * states its reasons, never by another name. Throws `alreadySo` for a decided case, `sortOnDesk` for a hard one.
 */
export async function sortCase(tx: Tx, id: CaseId, to: { category: Category; ruleId: string | null }): Promise<void> {
  const row = await lockCase(tx, id)
  if (!row) throw notFound()
  if (row.state !== 'open') throw conflict('alreadySo')
  if (row.severity > mildest || categoryFacts(row.category).severity > mildest) throw conflict('sortOnDesk')
  await updateCategory(tx, id, to)
}
