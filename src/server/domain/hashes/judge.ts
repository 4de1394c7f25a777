import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { audit } from '#server/domain/instance/index.ts'
import { invalid, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { demandModerator } from './own.ts'
import { writeJudgement } from './queries-judge.ts'

/**
 * A moderator says whether a match was right. What was wrong is no match of this item any more, and an entry that is wrong more
 * often than right is never stronger than 'hold'. Saying the other thing later changes it. On record. Codes: notFound, badValue.
 */
export async function judgeMatch(app: App, moderator: Account, matchId: string, verdict: string): Promise<void> {
  demandModerator(moderator)
  if (verdict !== 'right' && verdict !== 'wrong') throw invalid('badValue')
  if (!isId(matchId)) throw notFound()
  await app.database.inTransaction(async (tx) => {
    const judged = await writeJudgement(tx, matchId, verdict, moderator.id, app.now())
    if (!judged) throw notFound()
    if (judged.changed) await audit(app, tx, moderator, 'hashes.judge', { kind: 'media', id: judged.mediaId }, { verdict, entry: judged.entryId })
  })
}
