import type { AccountView } from '#server/domain/accounts/index.ts'

/** friends: some of those whom the viewer follows follow them · tags: they write with tags that the viewer follows or uses · staff: they run the place */
export type SuggestionReason = { kind: 'friends'; by: AccountView[]; count: number } | { kind: 'tags'; tags: string[] } | { kind: 'active' } | { kind: 'newcomer' } | { kind: 'staff' }
export type Suggestion = { account: AccountView; reason: SuggestionReason }
/** `days`: distinct people on each of the last seven days, oldest first; `people`: distinct people of the last three days */
export type TrendingTag = { name: string; displayName: string; people: number; days: number[] }
/** The last seven days of a tag. `people`: distinct ones; `days`: distinct people of each day, oldest first. */
export type TagSummary = { followed: boolean; days: number[]; people: number; posts: number }
