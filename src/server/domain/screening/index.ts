import type { App } from '#server/app.ts'
import { useWordsScreen } from '#server/domain/instance/index.ts'
import { useScreen } from '#server/domain/posts/index.ts'
import { screenPost } from './post.ts'
import { screenWordsOf } from './profile.ts'

export type * from './types.ts'
export type { Outcome, RuleDefinition, Subject } from './rule.ts'
export { judgeHits, followDecision, followReversal } from './decided.ts'
export { screenMedia } from './media.ts'
export { screenPostAgain } from './post.ts'
export { testSentence } from './gather.ts'
export { useTrust } from './trust.ts'
export type { TrustFacts, TrustPort } from './trust.ts'

/** Puts screening before everything that is written. Once, where the parts are wired. */
export function useScreening(app: App): void {
  useScreen(app, screenPost)
  useWordsScreen(app, screenWordsOf)
}
