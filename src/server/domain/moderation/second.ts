import type { Account, AccountId } from '#server/domain/accounts/index.ts'
import { categoryFacts } from '#server/domain/cases/index.ts'
import type { CaseRow } from '#server/domain/cases/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { conflict } from '#server/platform/errors.ts'
import { may } from './may.ts'
import type { TargetRow } from './queries-decisions.ts'
import { selectRankedStaff } from './queries-second.ts'
import type { Act } from './types.ts'

/** What can't be taken back, and what lets the hardest things out: two people look. */
const hardest = (act: Act, row: Pick<CaseRow, 'kind' | 'category'> | null) => act === 'delete_account' || act === 'erase_post' || ((act === 'restore_post' || act === 'dismiss') && row?.kind === 'hold' && categoryFacts(row.category).severity >= 4)

/**
 * Throws `secondNeeded` where two people have to agree and only one did. True where nobody else could: said openly in the statement.
 */
export async function secondNeeded(tx: Tx, moderator: Account, act: Act, row: Pick<CaseRow, 'kind' | 'category'> | null, target: Pick<TargetRow, 'id' | 'role'>, seconded: AccountId | null): Promise<boolean> {
  if (!hardest(act, row)) return false
  if (seconded && seconded !== moderator.id) return false
  const others = (await selectRankedStaff(tx)).filter((one) => one.id !== moderator.id && may(one, act, target))
  if (others.length) throw conflict('secondNeeded')
  return true
}
