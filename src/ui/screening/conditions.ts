import type { Condition, Leaf, Measure } from '#server/domain/screening/index.ts'

/** A condition as a line of a form: `what` is 'age', 'words', 'words:LIST', 'linked:block', 'hash:hold', 'trick' … */
export type ConditionRow = { what: string; how: string; value: string }

export const numbers: readonly Measure[] = ['age', 'approved', 'trust', 'links', 'mentions', 'media', 'pace', 'repeats', 'duplicates', 'upheld', 'branch']
const isNumber = (what: string): what is Measure => (numbers as readonly string[]).includes(what)

/** What a form without script can choose from. */
export const choices = (lists: { id: string; kind: string }[]): string[] => [
  ...numbers, 'words', ...lists.filter((one) => one.kind === 'words').map((one) => `words:${one.id}`), 'linked:block', 'linked:warn', 'linked:allow', ...lists.filter((one) => one.kind === 'links').map((one) => `linked:block:${one.id}`),
  'hash:quarantine', 'hash:hold', 'hash:flag', 'hash:log', 'trick', 'trick:userinfo', 'trick:lookalike', 'trick:shortener', 'language', 'score', 'test',
]

/** A rule's condition as lines, joined by all or any; null where there are conditions within conditions. */
export function toRows(when: Condition): { join: 'all' | 'any'; rows: ConditionRow[] } | null {
  const join = 'any' in when ? 'any' : 'all'
  const parts = 'all' in when ? when.all : 'any' in when ? when.any : [when]
  const rows: ConditionRow[] = []
  for (const part of parts) {
    const not = 'not' in part
    const leaf = not ? part.not : part
    if (!('signal' in leaf)) return null
    if ('atLeast' in leaf && leaf.signal !== 'score' || 'below' in leaf) {
      const both = leaf as { signal: Measure; atLeast?: number; below?: number }
      if (not || (join === 'any' && both.atLeast !== undefined && both.below !== undefined)) return null
      if (both.atLeast !== undefined) rows.push({ what: both.signal, how: 'atLeast', value: String(both.atLeast) })
      if (both.below !== undefined) rows.push({ what: both.signal, how: 'below', value: String(both.below) })
    } else rows.push({ what: nameOf(leaf), how: not ? 'not' : 'is', value: leaf.signal === 'language' ? leaf.in.join(', ') : leaf.signal === 'score' ? `${leaf.label} ${leaf.atLeast}` : '' })
  }
  return { join, rows }
}

/** `what` of a condition that isn't a number. */
export function nameOf(leaf: Leaf): string {
  if (leaf.signal === 'words') return leaf.list ? `words:${leaf.list}` : 'words'
  if (leaf.signal === 'linked') return leaf.list ? `linked:${leaf.action}:${leaf.list}` : `linked:${leaf.action}`
  if (leaf.signal === 'hash') return `hash:${leaf.action}`
  if (leaf.signal === 'trick') return leaf.kind ? `trick:${leaf.kind}` : 'trick'
  return leaf.signal
}

/** Lines of a form as a rule's condition; empty ones are left out. What makes no sense is left to the reader of rules to refuse. */
export function fromRows(join: string, rows: ConditionRow[]): unknown {
  const parts = rows.filter((row) => row.what).map((row) => {
    const [signal = '', second, third] = row.what.split(':')
    if (isNumber(signal)) return { signal, [row.how === 'below' ? 'below' : 'atLeast']: row.value.trim() === '' ? Number.NaN : Number(row.value) }
    const [label = '', score = ''] = row.value.trim().split(/\s+(?=[\d.]+$)/)
    const leaf = signal === 'words' ? { signal, ...second ? { list: second } : {} } : signal === 'linked' ? { signal, action: second, ...third ? { list: third } : {} } : signal === 'hash' ? { signal, action: second }
      : signal === 'trick' ? { signal, ...second ? { kind: second } : {} } : signal === 'language' ? { signal, in: row.value.toLowerCase().split(/[\s,،]+/).filter(Boolean) } : signal === 'score' ? { signal, label, atLeast: Number(score || Number.NaN) } : { signal }
    return row.how === 'not' ? { not: leaf } : leaf
  })
  return join === 'any' ? { any: parts } : { all: parts }
}
