import type { DecisionDraft } from '#server/domain/moderation/index.ts'
import { textOf } from '../forms.server.ts'

/** What the decision form says. Its basis is a rule's id, or 'law'. A suspension or limit ends with the day given. */
export function decisionOf(data: FormData): DecisionDraft {
  const basis = textOf(data, 'basis')
  const end = textOf(data, 'endsAt')
  const version = textOf(data, 'version')
  const strike = textOf(data, 'strike')
  return {
    act: textOf(data, 'act'), reason: textOf(data, 'reason'), note: textOf(data, 'note'), postId: textOf(data, 'postId') || null, postIds: data.getAll('postIds').filter((one) => typeof one === 'string'),
    ground: basis === 'law' ? 'law' : 'rule', ruleId: basis === 'law' ? null : basis, endsAt: end ? new Date(`${end}T23:59:59Z`) : null,
    law: textOf(data, 'law'), explanation: textOf(data, 'explanation'), facts: textOf(data, 'facts'), label: textOf(data, 'label'), territory: textOf(data, 'territory').split(/[\s,;]+/).filter(Boolean),
    category: textOf(data, 'category'), purpose: textOf(data, 'purpose'), ...strike ? { strike: Number(strike) } : {}, ...version ? { version: Number(version) } : {},
  }
}
