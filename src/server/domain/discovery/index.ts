export type * from './types.ts'
export { directory } from './directory.ts'
export { dismissSuggestion, newcomers, suggestions } from './suggest.ts'
export { hiddenTags, popularTags, recomputeTrends, tagSummary, trendingPosts, trendingTags } from './trends.ts'
