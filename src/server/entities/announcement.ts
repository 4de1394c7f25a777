import { z } from 'zod'
import type { AnnouncementView } from '#server/domain/instance/index.ts'
import { CustomEmoji } from './account.ts'
import type { Speaker } from './speaker.ts'

export const Announcement = z.object({
  id: z.string(), content: z.string(), starts_at: z.iso.datetime().nullable(), ends_at: z.iso.datetime().nullable(), all_day: z.boolean(), published_at: z.iso.datetime(), updated_at: z.iso.datetime(), read: z.boolean(),
  mentions: z.array(z.never()), statuses: z.array(z.never()), tags: z.array(z.never()), emojis: z.array(CustomEmoji), reactions: z.array(z.never()),
}).meta({ id: 'Announcement' })

/** What the admins announce, as apps see it. */
export const announcementEntity = (one: AnnouncementView, speaker: Speaker): z.infer<typeof Announcement> => ({
  id: one.id, content: one.html, starts_at: one.startsAt, ends_at: one.endsAt, all_day: false, published_at: one.publishedAt, updated_at: one.publishedAt, read: false,
  mentions: [], statuses: [], tags: [], emojis: speaker.emojisIn(one.text), reactions: [],
})
