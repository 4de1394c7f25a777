import type { App } from '#server/app.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { keepEvidence } from '#server/domain/media/index.ts'
import { categories, categoryFacts } from './categories.ts'
import type { Clock } from './categories.ts'
import { clockMinutes } from './clocks.ts'
import { mergeEvidence, takeEvidence } from './evidence.ts'
import type { Snapshot } from './evidence.ts'
import { findOpen, insertCase, insertCasePosts, joinCase, lockSubject, selectOpenWith, updateEvidence } from './queries.ts'
import type { CaseInsert, CaseRow } from './queries.ts'
import type { CaseId, CaseKind, CaseSource, NewCase } from './types.ts'

const kindOf: Record<CaseSource, CaseKind> = { report: 'report', outside: 'report', screening: 'hold', order: 'order', appeal: 'appeal', community: 'report', practice: 'practice' }
const earlier = (a: Clock, b: Clock, minutes: Record<Clock, number>) => (minutes[a] <= minutes[b] ? a : b)

/**
 * Puts something on the desk, with evidence of how it is now, in the caller's transaction. What is open about the same post or
 * subject is joined instead: its counter goes up, the harder category and the earlier clock win. Returns the case and whether it
 * is a new one. `again`: the same reporter once more, who isn't counted twice; `alone`: nothing is joined.
 */
export async function openCase(app: App, tx: Tx, given: NewCase, options: { again?: boolean; alone?: boolean } = {}): Promise<{ caseId: CaseId; fresh: boolean }> {
  const kind = given.kind ?? kindOf[given.source]
  const postIds = [...new Set(given.postIds ?? [])]
  const subject = given.subject ?? (postIds[0] ? `post:${postIds[0]}` : given.accountId ? `account:${given.accountId}` : `nobody:${app.newId()}`)
  await lockSubject(tx, given.accountId ?? subject)
  const minutes = await clockMinutes(tx)
  const facts = categoryFacts(given.category)
  const usual: Clock = kind === 'order' ? 'order' : kind === 'appeal' ? 'appeal' : kind === 'signup' || kind === 'avatar' ? 'welcome' : facts.clock
  const clock = given.clock ? earlier(given.clock, usual, minutes) : usual
  const now = app.now()
  const open = options.alone ? undefined : await findOpen(tx, kind, subject, given.accountId, postIds)
  const snapshot = given.accountId ? await takeEvidence(app, tx, given.accountId, postIds) : null
  const others: Snapshot[] = []
  for (const one of given.others ?? []) {
    const seen = await takeEvidence(app, tx, one.accountId, one.postIds)
    if (seen) others.push(seen)
  }
  if (snapshot && others.length) snapshot.evidence.others = others.map(({ evidence }) => ({ account: evidence.account, posts: evidence.posts }))
  const row: CaseInsert = {
    id: open?.id ?? app.newId<'case'>(), kind, source: given.source, subject, account_id: given.accountId, also_about: given.others?.map((one) => one.accountId) ?? [], category: given.category, rule_id: given.ruleId ?? null, summary: given.summary ?? '',
    severity: given.severity ?? facts.severity, reach: given.reach ?? snapshot?.followers ?? 0, record: given.record ?? 0.5, clock, due_at: new Date(now.getTime() + minutes[clock] * 60_000), created_at: now,
    details: JSON.stringify(given.details ?? {}), evidence: snapshot || open?.evidence ? JSON.stringify(mergeEvidence(open?.evidence ?? null, snapshot?.evidence ?? null)) : null,
  }
  if (open) await joinCase(tx, open.id, { ...row, harder: categories.indexOf(given.category) < categories.indexOf(open.category), counts: !options.again })
  else await insertCase(tx, row)
  await insertCasePosts(tx, row.id, postIds)
  await keepEvidence(tx, row.id, [...snapshot?.mediaIds ?? [], ...others.flatMap((one) => one.mediaIds)])
  return { caseId: row.id, fresh: !open }
}

/** What came on the desk before its files were made: they are the open cases' evidence now, too. Safe to run twice. */
export async function keepLateEvidence(app: App, mediaId: string): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    for (const caseId of await selectOpenWith(tx, mediaId)) await keepEvidence(tx, caseId, [mediaId])
  })
}

/** Evidence of a case that came without: what waits in other rooms is only looked at when somebody opens it. */
export async function completeEvidence(app: App, row: Pick<CaseRow, 'id' | 'account_id' | 'evidence' | 'state'>): Promise<void> {
  const { account_id: accountId } = row
  if (row.evidence || !accountId || row.state !== 'open') return
  await app.database.inTransaction(async (tx) => {
    const snapshot = await takeEvidence(app, tx, accountId, [])
    if (!snapshot) return
    await updateEvidence(tx, row.id, JSON.stringify(snapshot.evidence))
    await keepEvidence(tx, row.id, snapshot.mediaIds)
  })
}
