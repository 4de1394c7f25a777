export type * from './types.ts'
export { search } from './search.ts'
export { suggestPeople, suggestTags } from './suggest.ts'
