import type { App } from '#server/app.ts'
import { categories } from '#server/domain/cases/index.ts'
import type { Category } from '#server/domain/cases/index.ts'
import { invalidForm } from '#server/platform/errors.ts'
import type { FieldProblem } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { openPlaceholders } from './placeholders.ts'
import { coolDownHours, marksOf, mayEnd } from './marks.ts'
import { acts, purposes } from './types.ts'
import type { Act, DecisionDraft, Ground, Purpose } from './types.ts'

/** Acts that give something back, or do nothing to the person: they need no rule and no words. */
export const gentle = new Set<Act>(['dismiss', 'restore_post', 'unlimit', 'unsuspend', 'approve_avatar', 'unmark_sensitive', 'unlabel', 'unfreeze', 'overturn', 'unlimit_post', 'unlock_thread', 'show_media', 'show_links', 'not_adults_only', 'unrestrict'])
/** Nothing that anybody could object to. */
export const isGentle = (act: string) => [...gentle].some((one) => one === act)
export const aboutPost = new Set<Act>(['remove_post', 'restore_post', 'erase_post', 'label', 'unlabel', ...acts.filter((act) => marksOf[act])])
/** Acts that may hold in some countries only; with countries they take nothing away elsewhere. */
export const inCountries = new Set<Act>(['remove_post', 'freeze'])
const mostReason = 3000

export type ReadDecision = { act: Act; reason: string; note: string; ruleId: string | null; ground: Ground; endsAt: Date | null; law: string; explanation: string; facts: string; label: string; territory: string[]; category: Category | null; strike: number | null; purpose: Purpose | null }

/** Checks what a moderator handed in. Throws a form error that names each bad field. */
export function readDecision(app: App, draft: DecisionDraft): ReadDecision {
  const problems: FieldProblem[] = []
  const clean = (text: string | undefined) => (text ?? '').toWellFormed().replaceAll('\0', '').replaceAll('\r\n', '\n').trim()
  const act = acts.find((one) => one === draft.act && one !== 'overturn')
  const [reason, note, law, explanation, facts, label] = [clean(draft.reason), clean(draft.note), clean(draft.law), clean(draft.explanation), clean(draft.facts), clean(draft.label)]
  const ruleId = draft.ruleId && isId(draft.ruleId) ? draft.ruleId : null
  const ground: Ground = draft.ground === 'law' ? 'law' : ruleId ? 'rule' : 'none'
  if (!act) problems.push({ field: 'act', message: 'error.choose' })
  else if (!gentle.has(act)) {
    if (!reason) problems.push({ field: 'reason', message: 'error.decisionReasonNeeded' })
    if (ground === 'none') problems.push({ field: 'ruleId', message: 'error.groundNeeded' })
  }
  if (act === 'label' && !label) problems.push({ field: 'label', message: 'error.required' })
  if (openPlaceholders(reason).length) problems.push({ field: 'reason', message: 'error.placeholderLeft', params: { word: openPlaceholders(reason)[0]! } })
  for (const [field, text, most] of [['reason', reason, mostReason], ['note', note, mostReason], ['law', law, 500], ['explanation', explanation, 2000], ['facts', facts, 5000], ['label', label, 200]] as const) {
    if ([...text].length > most) problems.push({ field, message: 'error.tooLong', params: { most } })
  }
  const hour = 3_600_000
  const endsAt = act && mayEnd.has(act) ? draft.endsAt ?? (act === 'cool_down' ? new Date(app.now().getTime() + coolDownHours.usual * hour) : null) : null
  if (endsAt && (Number.isNaN(endsAt.getTime()) || endsAt <= app.now())) problems.push({ field: 'endsAt', message: 'error.dateToCome' })
  // A day is given, and ends at midnight: the last one may be a little longer.
  else if (act === 'cool_down' && endsAt && endsAt.getTime() - app.now().getTime() > (coolDownHours.most + 24) * hour) problems.push({ field: 'endsAt', message: 'error.coolDownTooLong', params: { days: coolDownHours.most / 24 } })
  const territory = [...new Set((draft.territory ?? []).map((one) => one.trim().toUpperCase()).filter(Boolean))]
  if (territory.length > 60 || territory.some((one) => !/^[A-Z]{2}$/.test(one))) problems.push({ field: 'territory', message: 'error.badValue' })
  // Only taking out of sight can be done for some countries alone.
  if (territory.length && act && !inCountries.has(act)) problems.push({ field: 'territory', message: 'error.territoryNotHere' })
  const strike = draft.strike === undefined || Number.isNaN(draft.strike) ? null : draft.strike
  if (strike !== null && !(Number.isInteger(strike) && strike >= 0 && strike <= 5)) problems.push({ field: 'strike', message: 'error.badValue' })
  if (!act || problems.length) throw invalidForm(problems)
  return { act, reason, note, ruleId: ground === 'law' ? null : ruleId, ground, endsAt, law: ground === 'law' ? law : '', explanation, facts, label, territory, category: categories.find((one) => one === draft.category) ?? null, strike, purpose: purposes.find((one) => one === draft.purpose) ?? null }
}
