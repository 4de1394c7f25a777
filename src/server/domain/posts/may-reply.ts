import type { ReplyPolicy } from './types.ts'

/** What is between a post's author and whoever wants to answer: as far as the post's policy asks for it. */
export type Ties = { /** the author follows them */ followed: boolean; /** they follow the author */ follows: boolean; /** the post names them */ named: boolean }
export type ReplyGate = { policy: ReplyPolicy; /** they wrote the post */ mine: boolean; ties: Ties | null }

/**
 * May somebody answer? Every gate must let them pass: the post's own, and that of the post which begins the thread. Authors
 * always pass their own; who is named passes all but 'nobody'.
 */
export function mayReply(gates: ReplyGate[]): boolean {
  return gates.every(({ policy, mine, ties }) => {
    if (mine) return true
    switch (policy) {
      case 'everyone': return true
      case 'followers': return ties?.named === true || ties?.follows === true
      case 'followed': return ties?.named === true || ties?.followed === true
      case 'mentioned': return ties?.named === true
      case 'nobody': return false
    }
  })
}
