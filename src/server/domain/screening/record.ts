import type { App } from '#server/app.ts'
import { audit, hasAudit } from '#server/domain/instance/index.ts'

/** Job: what a rule did by itself goes on record, once. */
export async function recordScreening(app: App, given: Record<string, unknown>): Promise<void> {
  const word = (name: string) => typeof given[name] === 'string' ? given[name] : null
  const [hit, account, post, media] = [word('hit'), word('account'), word('post'), word('media')]
  if (!hit || !account) return
  const subject = post ? { kind: 'post' as const, id: post } : media ? { kind: 'media' as const, id: media } : { kind: 'account' as const, id: account }
  await app.database.inTransaction(async (tx) => {
    if (await hasAudit(tx, 'screening.outcome', subject.id, 'hit', hit)) return
    await audit(app, tx, 'program', 'screening.outcome', subject, { hit, outcome: word('outcome'), rule: word('rule'), version: Number(given['version'] ?? 0), account, case: word('case') })
  })
}
