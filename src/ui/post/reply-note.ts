import type { PostView } from '#server/domain/posts/index.ts'
import type { MessageKey } from '#i18n/keys.ts'

/** What to say about who may answer a post; null where everybody may. */
export function replyNote(post: Pick<PostView, 'replyPolicy' | 'threadPolicy' | 'audience'>): MessageKey | null {
  // What is for named people only is answered by them anyway.
  if (post.audience === 'mentioned') return null
  if (post.replyPolicy !== 'everyone') return `replies.only.${post.replyPolicy}`
  return post.threadPolicy === 'everyone' ? null : `replies.thread.${post.threadPolicy}`
}
