import type { NamePolicy } from '#server/domain/accounts/index.ts'

/** What decides whether somebody may be named by an author, or written to. */
export type NameFacts = {
  policy: NamePolicy
  /** they follow the author */
  follows: boolean
  /** they wrote in the same thread: whoever spoke may be answered */
  inThread: boolean
  /** the author looks after the community */
  staff: boolean
}

/** May an author name somebody, or write to them? Those who look after the community can reach everybody. */
export function mayName({ policy, follows, inThread, staff }: NameFacts): boolean {
  return policy === 'everyone' || staff || inThread || (policy === 'followed' && follows)
}
