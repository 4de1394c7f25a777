import { z } from 'zod'
import type { RelationshipView } from '#server/domain/relationships/index.ts'

export const Relationship = z.object({
  id: z.string(), following: z.boolean(), showing_reblogs: z.boolean(), notifying: z.boolean(), languages: z.array(z.string()).nullable(), followed_by: z.boolean(), blocking: z.boolean(), blocked_by: z.boolean(),
  muting: z.boolean(), muting_notifications: z.boolean(), muting_expires_at: z.iso.datetime().nullable(), requested: z.boolean(), requested_by: z.boolean(), domain_blocking: z.boolean(), endorsed: z.boolean(), note: z.string(),
}).meta({ id: 'Relationship' })

/** What is between the reader and an account, as apps see it. */
export const relationship = (id: string, view: RelationshipView): z.infer<typeof Relationship> => ({
  id, following: view.following, showing_reblogs: view.following && view.showBoosts, notifying: view.notify, languages: view.languages, followed_by: view.followedBy, blocking: view.blocking, blocked_by: view.blockedBy,
  muting: view.muting, muting_notifications: view.mutingNotifications, muting_expires_at: view.mutingUntil, requested: view.requested, requested_by: view.requestedBy, domain_blocking: false, endorsed: view.endorsed, note: view.note,
})
