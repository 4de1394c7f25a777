import { z } from 'zod'
import { reactionsTo, reactToAnnouncement, unreactToAnnouncement } from '#server/domain/emojis/index.ts'
import { currentAnnouncements, dismissAnnouncement } from '#server/domain/instance/index.ts'
import { Announcement, announcementEntity } from '#server/entities/index.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { flag, maybe, pathId } from '../values.ts'

const Empty = z.object({})
const reaction = { id: pathId, name: z.string() }

export const announcementRoutes: Route[] = [
  route({
    method: 'GET', path: '/api/v1/announcements', summary: 'What the admins announce', note: 'Those that the member has dismissed only with `with_dismissed`.', access: 'member', scope: null, query: { with_dismissed: maybe(flag) }, answer: z.array(Announcement),
    async handle({ app, me, query, speaker }) {
      const all = await currentAnnouncements(app, me, me.locale, { dismissed: query.with_dismissed })
      const reactions = await reactionsTo(app, me, all.map((one) => one.id))
      return all.map((one) => announcementEntity(one, reactions.get(one.id) ?? [], speaker))
    },
  }),
  route({
    method: 'POST', path: '/api/v1/announcements/:id/dismiss', summary: 'Mark an announcement as read', access: 'member', scope: 'write:accounts', params: { id: pathId }, answer: Empty,
    async handle({ app, me, params }) { await dismissAnnouncement(app, me, params.id); return {} },
  }),
  route({
    method: 'PUT', path: '/api/v1/announcements/:id/reactions/:name', summary: 'Answer an announcement with an emoji', note: 'The emoji itself, or the name of one of the community’s own; at most eight different ones.', access: 'member', scope: 'write:favourites', params: reaction, answer: Empty,
    async handle({ app, me, params }) { await reactToAnnouncement(app, me, params.id, params.name); return {} },
  }),
  route({
    method: 'DELETE', path: '/api/v1/announcements/:id/reactions/:name', summary: 'Take an answer back', access: 'member', scope: 'write:favourites', params: reaction, answer: Empty,
    async handle({ app, me, params }) { await unreactToAnnouncement(app, me, params.id, params.name); return {} },
  }),
]
