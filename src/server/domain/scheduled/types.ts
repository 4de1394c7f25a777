import type { MediaView } from '#server/domain/media/index.ts'
import type { Draft } from '#server/domain/posts/index.ts'
import type { Id } from '#server/platform/ids/index.ts'

export type ScheduledId = Id<'scheduled'>
/** A post that its author planned for later. */
export type ScheduledView = {
  id: ScheduledId
  /** ISO time */
  publishAt: string
  /** as it was handed in */
  draft: Omit<Draft, 'idempotencyKey'>
  media: MediaView[]
  /** why it couldn't be published, a key of error.*; null while it waits */
  error: string | null
}
