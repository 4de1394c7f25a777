import type { JoinMode } from './types.ts'

const strictness: JoinMode[] = ['open', 'approval', 'invitation', 'closed']
/** How one joins while it lasts: never easier than usual. */
export const stricter = (one: JoinMode, other: JoinMode): JoinMode => (strictness.indexOf(one) >= strictness.indexOf(other) ? one : other)
