export type * from './types.ts'
export { dismissSuggestion, suggestions } from './suggest.ts'
export { hiddenTags, recomputeTrends, tagSummary, trendingPosts, trendingTags } from './trends.ts'
export { tagScore } from './score.ts'
