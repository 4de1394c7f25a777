import type { Condition, Leaf, Reason, Rule } from '#server/domain/screening/index.ts'
import type { Translator } from '#i18n/translate.ts'

type Words = Translator

/** A rule's name: of those that ship, and were not changed, in the reader's language. */
export const ruleName = (i: Words, rule: Pick<Rule, 'key' | 'name' | 'version'>): string => (rule.key && rule.version === 1 ? i.maybe(`screening.rule.${rule.key}`, {}, rule.name) : rule.name)

/** What a condition looks at: 'age', 'words:12', 'linked:block', … */
export function sayWhat(i: Words, what: string, lists: { id: string; name: string }[]): string {
  const [signal = '', second = '', third] = what.split(':')
  const name = i.maybe(`screening.measure.${signal}`)
  const list = (id: string) => lists.find((one) => one.id === id)?.name ?? id
  if (signal === 'words') return second ? i.t('screening.ofList', { what: name, list: list(second) }) : name
  if (signal === 'linked') return i.t('screening.ofList', { what: name, list: `${i.maybe(`screening.action.${second}`)}${third ? `, ${list(third)}` : ''}` })
  if (signal === 'hash' || signal === 'trick') return second ? i.t('screening.ofList', { what: name, list: i.maybe(`screening.${signal}.${second}`) }) : name
  return name
}

/** A condition as the parts of a sentence. */
export function sayCondition(i: Words, when: Condition, lists: { id: string; name: string }[]): string {
  if ('all' in when) return when.all.map((one) => bracket(i, one, lists)).join(` ${i.t('screening.and')} `)
  if ('any' in when) return when.any.map((one) => bracket(i, one, lists)).join(` ${i.t('screening.or')} `)
  if ('not' in when) return `${i.t('screening.how.not')}: ${bracket(i, when.not, lists)}`
  return sayLeaf(i, when, lists)
}
const bracket = (i: Words, when: Condition, lists: { id: string; name: string }[]) => ('all' in when || 'any' in when ? `(${sayCondition(i, when, lists)})` : sayCondition(i, when, lists))

function sayLeaf(i: Words, leaf: Leaf, lists: { id: string; name: string }[]): string {
  const what = sayWhat(i, leaf.signal === 'words' && leaf.list ? `words:${leaf.list}` : leaf.signal === 'linked' ? `linked:${leaf.action}${leaf.list ? `:${leaf.list}` : ''}` : leaf.signal === 'hash' ? `hash:${leaf.action}` : leaf.signal === 'trick' && leaf.kind ? `trick:${leaf.kind}` : leaf.signal, lists)
  if (leaf.signal === 'language') return `${what}: ${leaf.in.join(', ')}`
  if (leaf.signal === 'score') return `${what} ${leaf.label} ≥ ${i.number(leaf.atLeast)}`
  if (!('atLeast' in leaf) && !('below' in leaf)) return what
  const { atLeast, below } = leaf as { atLeast?: number; below?: number }
  return [what, ...atLeast === undefined ? [] : [`≥ ${i.number(atLeast)}`], ...below === undefined ? [] : [`< ${i.number(below)}`]].join(' ')
}

/** Why a rule answered. */
export function sayReason(i: Words, reason: Reason): string {
  const { signal, value, list = '', host = '', part = '', how = '' } = reason
  const said = { value: typeof value === 'number' ? i.number(value) : value, list, host, part, how }
  if (signal === 'words' || signal === 'hash' || signal === 'score') return i.t(`screening.reason.${signal}`, said)
  if (signal === 'linked') return i.t(how === 'redirect' || how === 'lookalike' ? `screening.reason.${how}` : 'screening.reason.linked', said)
  if (signal === 'trick') return i.t('screening.reason.trick', { ...said, value: i.maybe(`screening.trick.${value}`) })
  return signal === 'test' ? i.t('screening.measure.test') : i.t('screening.reason.measure', { what: i.maybe(`screening.measure.${signal}`), value: said.value })
}
