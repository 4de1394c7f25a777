import { z } from 'zod'
import { cancelScheduled, reschedulePost, scheduledOf, seeScheduled } from '#server/domain/scheduled/index.ts'
import type { ScheduledView } from '#server/domain/scheduled/index.ts'
import { MediaAttachment, mediaEntity, Visibility, visibilityOf } from '#server/entities/index.ts'
import type { Speaker } from '#server/entities/index.ts'
import type { Route } from '../route.ts'
import { askOf, linkPages, paging, route } from '../route.ts'
import { pathId, words } from '../values.ts'

export const ScheduledStatus = z.object({
  id: z.string(), scheduled_at: z.iso.datetime(), media_attachments: z.array(MediaAttachment),
  params: z.object({
    text: z.string(), visibility: Visibility, sensitive: z.boolean().nullable(), spoiler_text: z.string().nullable(), language: z.string().nullable(), media_ids: z.array(z.string()).nullable(), in_reply_to_id: z.int().nullable(),
    application_id: z.int(), with_rate_limit: z.boolean(), idempotency: z.null(), scheduled_at: z.null(), poll: z.object({ options: z.array(z.string()), expires_in: z.int(), multiple: z.boolean(), hide_totals: z.boolean() }).optional(),
  }),
}).meta({ id: 'ScheduledStatus' })

/** A planned post as apps see it. Mastodon writes the answered post's id as a number, which our ids are too long for: those who need it exactly read it as text. */
export function scheduledEntity({ id, publishAt, draft, media }: ScheduledView, speaker: Speaker): z.infer<typeof ScheduledStatus> {
  const { poll } = draft
  return {
    id, scheduled_at: publishAt, media_attachments: media.map((one) => mediaEntity(one, speaker)),
    params: {
      text: draft.text, visibility: visibilityOf[draft.audience], sensitive: draft.sensitive ?? null, spoiler_text: draft.warning ?? null, language: draft.language ?? null, media_ids: draft.mediaIds ?? null,
      in_reply_to_id: null, application_id: 0, with_rate_limit: false, idempotency: null, scheduled_at: null,
      ...poll ? { poll: { options: poll.options, expires_in: poll.seconds, multiple: poll.multiple, hide_totals: poll.hideTotals } } : {},
    },
  }
}

/** A time as apps write it. */
export const moment = words(60).transform((text, context) => {
  const at = new Date(text)
  if (Number.isNaN(at.getTime())) context.issues.push({ code: 'custom', message: 'a time like 2026-12-31T18:00:00Z', input: text })
  return at
})

const id = { id: pathId }
export const scheduledRoutes: Route[] = [
  route({
    method: 'GET', path: '/api/v1/scheduled_statuses', summary: 'Posts planned for later', access: 'member', scope: 'read:statuses', query: paging(20, 40), answer: z.array(ScheduledStatus),
    async handle(call) {
      const page = await scheduledOf(call.app, call.me, askOf(call.query))
      linkPages(call, page)
      return page.items.map((view) => scheduledEntity(view, call.speaker))
    },
  }),
  route({ method: 'GET', path: '/api/v1/scheduled_statuses/:id', summary: 'One planned post', access: 'member', scope: 'read:statuses', params: id, answer: ScheduledStatus, async handle({ app, me, params, speaker }) { return scheduledEntity(await seeScheduled(app, me, params.id), speaker) } }),
  route({
    method: 'PUT', path: '/api/v1/scheduled_statuses/:id', summary: 'Plan it for another time', access: 'member', scope: 'write:statuses', params: id, body: { scheduled_at: moment }, answer: ScheduledStatus,
    async handle({ app, me, params, body, speaker }) { return scheduledEntity(await reschedulePost(app, me, params.id, body.scheduled_at), speaker) },
  }),
  route({ method: 'DELETE', path: '/api/v1/scheduled_statuses/:id', summary: 'Don’t publish it', access: 'member', scope: 'write:statuses', params: id, answer: z.object({}), async handle({ app, me, params }) { await cancelScheduled(app, me, params.id); return {} } }),
]
