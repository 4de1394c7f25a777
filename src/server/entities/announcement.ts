import { z } from 'zod'
import type { Reaction as ReactionView } from '#server/domain/emojis/index.ts'
import type { AnnouncementView } from '#server/domain/instance/index.ts'
import { CustomEmoji } from './account.ts'
import { contentHtml } from './html.ts'
import type { Speaker } from './speaker.ts'

export const Reaction = z.object({ name: z.string(), count: z.int(), me: z.boolean().optional(), url: z.url().optional(), static_url: z.url().optional() }).meta({ id: 'Reaction' })
export const Announcement = z.object({
  id: z.string(), content: z.string(), starts_at: z.iso.datetime().nullable(), ends_at: z.iso.datetime().nullable(), all_day: z.boolean(), published_at: z.iso.datetime(), updated_at: z.iso.datetime(), read: z.boolean().optional(),
  mentions: z.array(z.never()), statuses: z.array(z.never()), tags: z.array(z.never()), emojis: z.array(CustomEmoji), reactions: z.array(Reaction),
}).meta({ id: 'Announcement' })

/** What the admins announce, as apps see it. */
export const announcementEntity = (one: AnnouncementView, reactions: ReactionView[], speaker: Speaker): z.infer<typeof Announcement> => ({
  id: one.id, content: contentHtml(one.html, speaker), starts_at: one.startsAt, ends_at: one.endsAt, all_day: false, published_at: one.publishedAt, updated_at: one.updatedAt, ...speaker.readerId ? { read: one.read } : {},
  mentions: [], statuses: [], tags: [], emojis: speaker.emojisIn(one.text), reactions: reactions.map((reaction) => reactionEntity(reaction, speaker)),
})

/** With what an announcement was answered; whether the reader did so isn't said where nobody in particular reads. */
export const reactionEntity = ({ name, count, me, url }: ReactionView, speaker: Speaker): z.infer<typeof Reaction> => ({
  name, count, ...speaker.readerId ? { me } : {}, ...url ? { url: speaker.absolute(url), static_url: speaker.absolute(url) } : {},
})
