import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { decisionsAboutMe, ownReporting, ownStanding, reportsByMe } from '#server/domain/moderation/index.ts'
import type { DecisionView, MyReport } from '#server/domain/moderation/index.ts'
import { appealsTo } from './answer.ts'
import { selectOwnOpen, selectOwnWords } from './queries-own.ts'
import type { AppealView } from './types.ts'

/** The member's objections that nobody has answered yet, the oldest first. */
export async function openObjections(app: App, viewer: Account): Promise<{ id: string; decisionId: string | null; reportId: string | null; createdAt: string; dueAt: string }[]> {
  return (await selectOwnOpen(app.database.queries, viewer.id)).map((row) => ({ id: row.id, decisionId: row.decision_id, reportId: row.report_id, createdAt: row.created_at.toISOString(), dueAt: row.due_at.toISOString() }))
}

/** Everything decided about the member and about what they reported, with what was said, as text of one JSON document, bit by bit. Never who reported them. */
export async function* ownRecord(app: App, viewer: Account): AsyncGenerator<string> {
  const head = { exportedAt: app.now().toISOString(), username: viewer.username, standing: await ownStanding(app, viewer), reporting: await ownReporting(app, viewer) }
  yield `${JSON.stringify(head).slice(0, -1)},"decisions":[`
  yield* list(pages((ask) => decisionsAboutMe(app, viewer, ask)), async (items) => {
    const [appeals, words] = await Promise.all([appealsTo(app, { decisionIds: items.map((one) => one.id) }), selectOwnWords(app.database.queries, viewer.id, items.flatMap((one) => one.caseId ?? []))])
    const said = Map.groupBy(words, (one) => one.case_id)
    return items.map((one) => ({ ...decision(one), objection: objection(appeals.get(one.id)), conversation: (said.get(one.caseId ?? '') ?? []).map(({ text, mine, created_at }) => ({ text, mine, createdAt: created_at.toISOString() })) }))
  })
  yield '],"reports":['
  yield* list(pages((ask) => reportsByMe(app, viewer, ask)), async (items) => {
    const appeals = await appealsTo(app, { reportIds: items.map((one) => one.id) })
    return items.map((one) => ({ ...report(one), objection: objection(appeals.get(one.id)) }))
  })
  yield ']}\n'
}

const decision = (one: DecisionView) => ({
  id: one.id, act: one.act, createdAt: one.createdAt, endsAt: one.endsAt, reversed: one.reversed, reason: one.reason, ground: one.ground, rule: one.rule?.text ?? null, law: one.law, explanation: one.explanation, category: one.category, label: one.label, territory: one.territory,
  automated: one.automated, detectedByMachine: one.detectedByMachine, postIds: one.postIds, excerpt: one.excerpt, strike: one.strike, strikeEndsAt: one.strikeEndsAt, alone: one.alone, appealUntil: one.appealUntil,
})
const report = ({ account, ...rest }: MyReport) => ({ ...rest, about: account.username })
const objection = (appeal: AppealView | undefined) => appeal ? { state: appeal.state, text: appeal.text, answer: appeal.answer, createdAt: appeal.createdAt, decidedAt: appeal.decidedAt } : null

type Ask = { before?: string; limit: number }
async function* pages<Item extends { id: string }>(read: (ask: Ask) => Promise<{ items: Item[]; older: string | null }>): AsyncGenerator<Item[]> {
  for (let before: string | undefined; ;) {
    const page = await read({ ...before ? { before } : {}, limit: 40 })
    yield page.items
    if (!page.older) return
    before = page.older
  }
}
async function* list<Item>(from: AsyncGenerator<Item[]>, say: (items: Item[]) => Promise<object[]>): AsyncGenerator<string> {
  let first = true
  for await (const items of from) {
    const texts = (await say(items)).map((one) => JSON.stringify(one))
    if (texts.length) { yield `${first ? '' : ','}${texts.join(',')}`; first = false }
  }
}
