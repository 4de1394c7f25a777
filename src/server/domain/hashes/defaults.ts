import type { ListCategory, ListRule } from './types.ts'

/** The three that are quarantined at once; what is a little farther away is held, so that nobody sees it until a person has looked. */
const gravest: readonly ListCategory[] = ['terrorism', 'child_safety', 'intimate_images']

/** How a new list of this category answers, until an admin says otherwise. Distances are a proposal, measured in docs/hash-lists.md. */
export function defaultsOf(category: ListCategory): ListRule & { severity: number } {
  const rule = { opinion: 'positive', enabled: true, enabledShare: 1, near: 10, middle: 20, distance: 31, frameShare: 0.8 } as const
  if (gravest.includes(category)) return { ...rule, action: 'quarantine', actionMiddle: 'hold', actionFar: 'hold', severity: 4 }
  if (category === 'test') return { ...rule, action: 'log', actionMiddle: 'log', actionFar: 'log', severity: 0 }
  return { ...rule, action: 'hold', actionMiddle: 'hold', actionFar: 'flag', severity: 2 }
}
