import type { AccountView } from '#server/domain/accounts/index.ts'
import type { PostView } from '#server/domain/posts/index.ts'

export type NotificationKind = 'follow' | 'follow_request' | 'mention' | 'reply' | 'like' | 'boost' | 'poll' | 'announcement' | 'moderation' | 'report' | 'signup' | 'post' | 'edit'
/** What is shown as one: "Somebody and 12 others liked your post". */
export type NotificationGroup = {
  key: string
  kind: NotificationKind
  /** newest of the group; also its cursor */
  latestId: string
  /** up to three, newest first */
  accounts: AccountView[]
  count: number
  post: PostView | null
  data: Record<string, string>
  createdAt: string
  unread: boolean
}
export type NotificationFilter = 'all' | 'mentions' | 'likes' | 'boosts' | 'follows' | 'community'
