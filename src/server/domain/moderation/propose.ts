import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { addWords, lockCase, takenByOther } from '#server/domain/cases/index.ts'
import type { CaseId, CaseRow } from '#server/domain/cases/index.ts'
import { audit } from '#server/domain/instance/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { conflict, isHearthError, notAllowed, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { decide } from './decide.ts'
import { may } from './may.ts'
import { lockAccount } from './queries-decisions.ts'
import { updateProposal } from './queries-second.ts'
import { readDecision } from './read-decision.ts'
import { demandStaff } from './staff.ts'
import type { Act, DecisionDraft, DecisionId } from './types.ts'

type Kept = Omit<DecisionDraft, 'endsAt' | 'version'> & { endsAt?: string | null }

/** Decides, or, where two people have to agree, keeps what this moderator would do until a second one says yes. */
export async function decideOrPropose(app: App, moderator: Account, caseId: CaseId, draft: DecisionDraft): Promise<{ decisionId: DecisionId | null }> {
  try {
    return { decisionId: await decide(app, moderator, { caseId }, draft) }
  } catch (problem) {
    if (!isHearthError(problem) || problem.code !== 'secondNeeded') throw problem
  }
  readDecision(app, draft)
  await app.database.inTransaction(async (tx) => {
    const row = await lockOpen(tx, caseId, moderator)
    if (takenByOther(row, moderator.id, app.now())) throw conflict('reportTaken')
    if (row.proposed_by_id && row.proposed_by_id !== moderator.id) throw conflict('caseChanged')
    const { version: _, endsAt, ...rest } = draft
    await updateProposal(tx, caseId, { proposal: { ...rest, endsAt: endsAt?.toISOString() ?? null } satisfies Kept, byId: moderator.id, at: app.now() })
    await audit(app, tx, moderator, 'case.propose', { kind: 'case', id: caseId }, { act: draft.act })
  })
  return { decisionId: null }
}

/** The second look: yes does it, no gives it back to everybody with a word why. Never by who proposed it. */
export async function answerProposal(app: App, moderator: Account, caseId: CaseId, answer: 'yes' | 'no', words: string): Promise<DecisionId | null> {
  demandStaff(moderator)
  const asked = await app.database.inTransaction(async (tx) => {
    const row = await lockOpen(tx, caseId, moderator)
    if (!row.proposal || !row.proposed_by_id || !row.account_id) throw conflict('caseChanged')
    if (row.proposed_by_id === moderator.id) throw notAllowed('secondIsYou')
    const target = await lockAccount(tx, row.account_id)
    if (!target || !may(moderator, row.proposal.act as Act, target)) throw notAllowed('notAllowedOnThem')
    if (answer === 'no') {
      await updateProposal(tx, caseId, null)
      await addWords(app, tx, { caseId, author: moderator, room: 'staff', withId: null, text: words, mentions: [row.proposed_by_id] })
      await audit(app, tx, moderator, 'case.declineProposal', { kind: 'case', id: caseId })
    }
    return { by: row.proposed_by_id, kept: row.proposal as Kept }
  })
  if (answer === 'no') return null
  return decide(app, moderator, { caseId }, { ...asked.kept, endsAt: asked.kept.endsAt ? new Date(asked.kept.endsAt) : null }, { seconded: asked.by })
}

async function lockOpen(tx: Tx, caseId: CaseId, moderator: Account): Promise<CaseRow> {
  const row = isId(caseId) ? await lockCase(tx, caseId) : undefined
  if (!row || row.also_about.includes(moderator.id)) throw notFound()
  if (row.state !== 'open') throw conflict('reportDecided')
  return row
}
