import type { AccountView } from '#server/domain/accounts/index.ts'
import type { PostView } from '#server/domain/posts/index.ts'
import type { Id } from '#server/platform/ids/index.ts'

export type ConversationId = Id<'conversation'>
/** What one person and certain others said to each other in one thread, in posts for named people. */
export type ConversationView = {
  id: ConversationId
  unread: boolean
  /** the others; oneself where nobody else was named */
  accounts: AccountView[]
  lastPost: PostView
}
