import type { App } from '#server/app.ts'
import { quietAbout } from '#server/domain/withholding/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { updateQuiet } from './queries-decisions.ts'
import type { DecisionId } from './types.ts'

/** Must the person not hear of it yet? Only where an authority ordered so (EU 2021/784, Article 11(3)). */
export const isQuiet = (row: { quiet_until: Date | null }, now: Date): boolean => row.quiet_until !== null && row.quiet_until > now

/** The silence about these decisions ends then; the persons are told by themselves. `tellPerson` looks again when it runs. */
export async function keepQuiet(app: App, tx: Tx, ids: DecisionId[], until: Date): Promise<void> {
  await updateQuiet(tx, ids, until)
  await quietAbout(tx, ids, until)
  const when = until > app.now() ? { runAt: until } : {}
  for (const decisionId of ids) await app.jobs.add(tx, 'tellPerson', { decisionId }, { ...when, key: `tellPerson:${decisionId}` })
}
