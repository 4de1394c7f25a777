import { outcomes } from './rule.ts'
import type { Condition, Leaf } from './rule.ts'
import type { Fired, Reason, Rule, Signals, Verdict } from './types.ts'

/**
 * What the rules make of these signals, asked in their order. Every rule that answers is named with its reasons; of those that are
 * on the strongest outcome counts, the first of equals. A rule that publishes ends the asking.
 */
export function evaluate(rules: readonly Rule[], signals: Signals): Verdict {
  const fired: Fired[] = []
  let verdict: Fired | null = null
  for (const rule of rules) {
    if (rule.state === 'off' || !rule.definition.subjects.includes(signals.subject)) continue
    const reasons = holds(rule.definition.when, signals)
    if (!reasons) continue
    const one: Fired = { rule, reasons, acted: false }
    fired.push(one)
    if (rule.state !== 'on') continue
    if (strength(one) > (verdict ? strength(verdict) : -1)) verdict = one
    if (rule.definition.outcome === 'publish') break
  }
  if (verdict) verdict.acted = true
  return { outcome: verdict?.rule.definition.outcome ?? 'publish', category: verdict?.rule.definition.category ?? 'other', rule: verdict?.rule ?? null, fired }
}

const strength = ({ rule }: Fired) => outcomes.indexOf(rule.definition.outcome)

/** Why this holds; null when it doesn't. */
export function holds(when: Condition, signals: Signals): Reason[] | null {
  if ('all' in when) {
    const parts = when.all.map((one) => holds(one, signals))
    return parts.every((one) => one !== null) ? parts.flat() : null
  }
  if ('any' in when) {
    const parts = when.any.flatMap((one) => holds(one, signals) ?? [])
    return parts.length || when.any.some((one) => holds(one, signals)) ? parts : null
  }
  if ('not' in when) return holds(when.not, signals) ? null : []
  return leafHolds(when, signals)
}

function leafHolds(leaf: Leaf, signals: Signals): Reason[] | null {
  const found = (reasons: Reason[]) => (reasons.length ? reasons.slice(0, 5) : null)
  switch (leaf.signal) {
    case 'words': return found(signals.words.filter((one) => !leaf.list || one.listId === leaf.list).map((one) => ({ signal: 'words', value: one.value, list: one.list, part: one.part, from: one.from, to: one.to })))
    case 'linked': return found(signals.linked.filter((one) => one.action === leaf.action && (!leaf.list || one.listId === leaf.list)).map((one) => ({ signal: 'linked', value: one.value, list: one.list, host: one.host, how: one.how })))
    case 'hash': return found(signals.hashes.filter((one) => one.action === leaf.action).map((one) => ({ signal: 'hash', value: one.category, list: one.list, distance: one.distance })))
    case 'language': return signals.language !== null && leaf.in.includes(signals.language.split('-')[0]!) ? [{ signal: 'language', value: signals.language }] : null
    case 'trick': return found(signals.tricks.filter((one) => !leaf.kind || one.trick === leaf.kind).map((one) => ({ signal: 'trick', value: one.trick, host: one.host })))
    case 'test': return signals.test ? [{ signal: 'test', value: 1 }] : null
    case 'score': {
      const score = signals.scores[leaf.label]
      return score !== undefined && score >= leaf.atLeast ? [{ signal: 'score', value: Math.round(score * 100) / 100, than: leaf.atLeast, how: leaf.label }] : null
    }
    default: {
      const value = signals[leaf.signal]
      if (leaf.atLeast !== undefined && value < leaf.atLeast) return null
      if (leaf.below !== undefined && value >= leaf.below) return null
      return [{ signal: leaf.signal, value: Math.floor(value), than: leaf.atLeast ?? leaf.below }]
    }
  }
}
