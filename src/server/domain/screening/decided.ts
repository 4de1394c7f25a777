import type { App } from '#server/app.ts'
import { findAccount } from '#server/domain/accounts/index.ts'
import { selectCase } from '#server/domain/cases/index.ts'
import type { CaseRow } from '#server/domain/cases/index.ts'
import { judgeMatch, matchesOf } from '#server/domain/hashes/index.ts'
import { publishWhenReady, setPostState } from '#server/domain/posts/index.ts'
import { isHearthError } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { applyProfile } from './profile.ts'
import { selectAct, selectCaseOf } from './queries-profile.ts'
import { selectStored } from './queries-facts.ts'
import { judge, selectHeldBy, setLimited, setMediaState } from './queries-hits.ts'

/** What a decision leaves unseen; all others let what was held be seen, with whatever was done to it. */
const keepsUnseen = new Set(['remove_post', 'erase_post', 'suspend', 'freeze', 'delete_account'])

/**
 * A person said whether screening was right, about posts, or about an account's profile: the precision of the rules that answered
 * learns from it. Twice is once; saying the other later changes it.
 */
export async function judgeHits(app: App, about: { postIds?: string[]; accountId?: string; caseId?: string; upheld: boolean }): Promise<void> {
  await app.database.inTransaction((tx) => judge(tx, { postIds: about.postIds?.filter(isId), accountId: about.accountId, caseId: about.caseId }, about.upheld ? 'right' : 'wrong'))
}

/** The event case.decided: what was held is shown or stays away, limits and seals are lifted where it was a false alarm, rules and lists learn. Safe to run twice. */
export async function followDecision(app: App, caseId: string): Promise<void> {
  const row = isId(caseId) ? await selectCase(app.database.queries, caseId) : undefined
  if (!row || row.state !== 'decided' || row.kind === 'practice' || row.kind === 'appeal') return
  const upheld = row.outcome === 'acted'
  await judgeHits(app, { postIds: row.post_ids, caseId: row.id, upheld })
  if (row.source !== 'screening') return
  const act = await selectAct(app.database.queries, row.decision_id)
  await judgeMatches(app, row, upheld)
  if (upheld && keepsUnseen.has(act)) return
  await letBeSeen(app, row, !upheld)
  if (!upheld && row.account_id && row.post_ids.length === 0) await applyProfile(app, row.account_id)
}

/** The event decision.reversed: a removal was taken back, so what screening had held is seen. `inPart`: something milder stands, so screening was right to stop it. */
export async function followReversal(app: App, decisionId: string, inPart = false): Promise<void> {
  const caseId = await selectCaseOf(app.database.queries, decisionId)
  const row = caseId ? await selectCase(app.database.queries, caseId) : undefined
  if (!row || row.source !== 'screening') return
  if (!inPart) {
    await judgeHits(app, { postIds: row.post_ids, caseId: row.id, upheld: false })
    await judgeMatches(app, row, false)
  }
  await letBeSeen(app, row, !inPart)
}

async function letBeSeen(app: App, row: CaseRow, falseAlarm: boolean): Promise<void> {
  const held = await app.database.inTransaction(async (tx) => {
    if (falseAlarm) {
      await setLimited(tx, row.post_ids, false)
      await setMediaState(tx, { postIds: row.post_ids, mediaIds: mediaIdsOf(row) }, 'clear')
    }
    const ids = await selectHeldBy(tx, row.post_ids)
    for (const id of ids) await setPostState(app, id, 'published', tx)
    return ids
  })
  for (const id of held) await publishWhenReady(app, id)
}

async function judgeMatches(app: App, row: CaseRow, upheld: boolean): Promise<void> {
  const moderator = row.decided_by_id ? await findAccount(app, row.decided_by_id) : null
  if (!moderator || moderator.role === 'member' || moderator.state !== 'active') return
  // More may have been found since the case was opened, as media became ready.
  const matches = await matchesOf(app, [...mediaIdsOf(row), ...(await selectStored(app.database.queries, row.post_ids)).flatMap((post) => post.media_ids)])
  for (const { id } of [...matches.values()].flat()) await judgeMatch(app, moderator, id, upheld ? 'right' : 'wrong').catch((error: unknown) => { if (!isHearthError(error)) throw error })
}

const mediaIdsOf = (row: CaseRow): string[] => (Array.isArray(row.details.matches) ? row.details.matches as { mediaId?: unknown }[] : []).map((one) => one.mediaId).filter(isId)
