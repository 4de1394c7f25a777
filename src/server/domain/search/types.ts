import type { AccountView } from '#server/domain/accounts/index.ts'
import type { Page, PostView } from '#server/domain/posts/index.ts'

export type SearchKind = 'all' | 'people' | 'posts' | 'tags'
export type SearchAsk = { q: string; kind?: SearchKind; /** where a visitor asks from; only counted */ address?: string }
export type TagView = { name: string; displayName: string; posts: number }
/** Kinds that weren't asked for are empty. Only posts have further pages. */
export type SearchResult = { people: AccountView[]; posts: Page<PostView>; tags: TagView[] }
