import type { AccountView } from '#server/domain/accounts/index.ts'

export type SuggestionReason = { kind: 'friends'; by: AccountView[]; count: number } | { kind: 'tags'; tags: string[] } | { kind: 'active' } | { kind: 'newcomer' }
export type Suggestion = { account: AccountView; reason: SuggestionReason }
/** `days`: distinct people on each of the last seven days, oldest first */
export type TrendingTag = { name: string; displayName: string; people: number; days: number[] }
