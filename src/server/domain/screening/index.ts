import type { App } from '#server/app.ts'
import { useWordsScreen } from '#server/domain/instance/index.ts'
import { useScreen } from '#server/domain/posts/index.ts'
import { screenPost } from './post.ts'
import { screenWordsOf } from './profile.ts'

export type * from './types.ts'
export type { Outcome, RuleDefinition, Subject } from './rule.ts'
export { judgeHits, followDecision, followReversal } from './decided.ts'
export { screenMedia } from './media.ts'
export { screenCard, screenNewcomer, screenPostCard } from './later.ts'
export { screenPoster } from './poster.ts'
export { screenPostAgain } from './post.ts'
export { measureCorpus } from './corpus/measure.ts'
export { resolveLinks } from './resolve.ts'
export { alikeNewcomers } from './alike.ts'
export { askClassifier } from './classifier.ts'
export { changeScreening, screeningSettings, tidyScreening } from './settings.ts'
export { moveRule, removeRule, ruleHistory, rulesOverview, ruleStates, saveRule, seeRule, setRuleState } from './rules.ts'
export type { RuleDraft, RuleHit, RuleLine, RuleVersion } from './rules.ts'
export { measures, outcomes, subjects } from './rule.ts'
export type { Condition, Leaf, Measure } from './rule.ts'
export { addEntries, exportList, removeEntries, removeWordList, saveWordList, seeWordList, wordLists } from './lists.ts'
export type { ListEntry, WordList } from './lists.ts'
export { lastRun, seeRun, tryRule, tryRulePart } from './dry-run.ts'
export type { DryRun } from './dry-run.ts'
export { testText } from './test-box.ts'
export type { TestedText } from './test-box.ts'
export { testSentence } from './gather.ts'

/** Puts screening before everything that is written. Once, where the parts are wired. */
export function useScreening(app: App): void {
  useScreen(app, screenPost)
  useWordsScreen(app, screenWordsOf)
}
export { recordScreening } from './record.ts'
