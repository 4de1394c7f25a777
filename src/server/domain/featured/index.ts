export type { FeaturedTag } from './tags.ts'
export { featuredTags, featureTag, forgetFeatured, suggestedTags, unfeatureTag } from './tags.ts'
