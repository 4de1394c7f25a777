import type { Account } from '#server/domain/accounts/index.ts'
import type { ConversationView } from '#server/domain/conversations/index.ts'
import type { Reaction } from '#server/domain/emojis/index.ts'
import type { AnnouncementView } from '#server/domain/instance/index.ts'
import type { NotificationView } from '#server/domain/notifications/index.ts'
import type { PostId, PostView } from '#server/domain/posts/index.ts'

/** What one can listen to: somebody's home, what concerns them, what is said to them among named people, an own list, everybody's posts (or those with media), a tag. */
export type Channel = `home:${string}` | `own:${string}` | `direct:${string}` | `list:${string}` | 'public' | 'public:media' | `tag:${string}`

/** What happened. Views are loaded once, when somebody wants them, and null when there is nothing to see any more. */
export type Told =
  /** `viewFor` gives the same object to all for whom nothing is different; what readers did with the post is never in it */
  | { type: 'post' | 'edit'; postId: PostId; authorId: string; viewFor(viewer: Account | null): Promise<PostView | null> }
  | { type: 'removed'; postId: PostId }
  | { type: 'notification'; id: string; view(): Promise<NotificationView | null> }
  /** the list of notifications changed otherwise: read, dismissed, gone */
  | { type: 'unread' }
  | { type: 'conversation'; view(): Promise<ConversationView | null> }
  | { type: 'merged' }
  | { type: 'filters' }
  | { type: 'media'; mediaId: string }
  /** how often an announcement is answered with one emoji now */
  | { type: 'reaction'; announcementId: string; view(): Promise<Omit<Reaction, 'me'>> }
  /** null: it isn't shown any more; the same object to all of one language */
  | { type: 'announcement'; id: string | null; viewFor(viewer: Account | null): Promise<AnnouncementView | null> }

/** Somebody who listens: a page, an app's connection. */
export type Ear = {
  /** null: nobody in particular, who hears what anybody may read */
  viewer: Account | null
  /** it wants the posts themselves, not their ids alone: they are read ahead */
  reads: boolean
  hear(channel: Channel, told: Told): void
  /** The right to listen may have ended (signed out, a token revoked, suspended): the ear looks, and leaves if so. */
  check(): void
}

export type Hub = {
  listen(ear: Ear, channel: Channel): void
  unlisten(ear: Ear, channel: Channel): void
  /** Ends all that this ear hears. */
  leave(ear: Ear): void
}
