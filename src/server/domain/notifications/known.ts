import type { NotificationKind } from './types.ts'

/** How apps of Mastodon's API call a kind; announcements have a door of their own there. */
const typeOf: Record<NotificationKind, string | null> = {
  follow: 'follow', follow_request: 'follow_request', mention: 'mention', reply: 'mention', like: 'favourite', boost: 'reblog', poll: 'poll', post: 'status', edit: 'update',
  quote: 'quote', quoted_update: 'quoted_update', moderation: 'moderation_warning', report: 'admin.report', signup: 'admin.sign_up', announcement: null,
}
const kinds = Object.keys(typeOf) as NotificationKind[]

/** What apps call this kind; null for what they don't know. */
export const appTypeOf = (kind: NotificationKind): string | null => typeOf[kind]
/** Every kind that apps know. */
export const appKinds: readonly NotificationKind[] = kinds.filter((kind) => typeOf[kind] !== null)
/** Kinds that apps call by these names; unknown names are none. */
export const kindsOfTypes = (types: readonly string[]): NotificationKind[] => kinds.filter((kind) => types.includes(typeOf[kind] ?? ''))
/** Several of one group are shown as one. */
export const groupedKinds: readonly NotificationKind[] = ['like', 'boost', 'follow', 'signup']
