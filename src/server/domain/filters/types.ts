import type { Id } from '#server/platform/ids/index.ts'

export type FilterId = Id<'filter'>
/** Where a filter works: the home and lists, notifications, the community's and tags' lists, threads, profiles. */
export type FilterContext = 'home' | 'notifications' | 'public' | 'thread' | 'account'
/** warn: shown behind a notice · hide: left out of lists · blur: its media are covered */
export type FilterAction = 'warn' | 'hide' | 'blur'

export type FilterKeyword = { id: string; keyword: string; wholeWord: boolean }
export type FilteredPost = { id: string; postId: string }

/** A member's filter, with all it looks for. */
export type FilterView = {
  id: FilterId
  title: string
  contexts: FilterContext[]
  action: FilterAction
  /** ISO time; null for ever. One that is over stays on the list until it is renewed or removed. */
  expiresAt: string | null
  keywords: FilterKeyword[]
  posts: FilteredPost[]
}

/** What a member hands in. `seconds` until it ends by itself; null or missing: never. */
export type FilterDraft = { title: string; contexts: string[]; action?: string; seconds?: number | null; keywords?: { keyword: string; wholeWord?: boolean }[] }
/** What is left out stays. Keywords with an id are changed or removed, those without are added. */
export type FilterChange = Partial<Omit<FilterDraft, 'keywords'>> & { keywords?: { id?: string; keyword?: string; wholeWord?: boolean; remove?: boolean }[] }

/** A filter that found something in a post. */
export type FilterMatch = {
  filterId: FilterId
  title: string
  contexts: FilterContext[]
  action: FilterAction
  expiresAt: string | null
  /** as the member wrote them */
  keywordMatches: string[]
  /** ids of posts */
  statusMatches: string[]
}
