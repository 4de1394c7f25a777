import type { DecisionDraft } from '#server/domain/moderation/index.ts'
import { textOf } from '../forms.server.ts'

/** What the decision form says. Its basis is a rule's id, or 'law'. A suspension ends with the day given. */
export function decisionOf(data: FormData): DecisionDraft {
  const basis = textOf(data, 'basis')
  const end = textOf(data, 'endsAt')
  return {
    act: textOf(data, 'act'), reason: textOf(data, 'reason'), note: textOf(data, 'note'), postId: textOf(data, 'postId') || null,
    ground: basis === 'law' ? 'law' : 'rule', ruleId: basis === 'law' ? null : basis, endsAt: end ? new Date(`${end}T23:59:59Z`) : null,
  }
}
