import { z } from 'zod'
import { tagSummary } from '#server/domain/discovery/index.ts'
import type { Speaker } from '#server/entities/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { readTag } from '#server/platform/text/tag.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'

export const Tag = z.object({
  id: z.string(), name: z.string(), url: z.url(), history: z.array(z.object({ day: z.string(), uses: z.string(), accounts: z.string() })), following: z.boolean().optional(), featuring: z.boolean().optional(),
}).meta({ id: 'Tag' })

/** A tag as apps see it. `days`: distinct people of the last seven days, oldest first; the API wants the newest first. */
export function tagEntity(name: string, speaker: Speaker, more: { days?: number[]; following?: boolean; now?: Date } = {}): z.infer<typeof Tag> {
  const today = Math.floor((more.now ?? new Date()).getTime() / 86_400_000) * 86_400
  return {
    id: name, name, url: `${speaker.origin}/tags/${encodeURIComponent(name)}`,
    history: (more.days ?? [0, 0, 0, 0, 0, 0, 0]).toReversed().map((people, ago) => ({ day: String(today - ago * 86_400), uses: String(people), accounts: String(people) })),
    ...more.following === undefined ? {} : { following: more.following },
  }
}

export const tagRoutes: Route[] = [
  route({
    method: 'GET', path: '/api/v1/tags/:name', summary: 'See a tag', access: 'anyone', scope: null, params: { name: z.string() }, answer: Tag,
    async handle({ app, viewer, params, speaker }) {
      const tag = readTag(params.name)
      if (!tag) throw notFound()
      const summary = await tagSummary(app, viewer, tag.name)
      return tagEntity(tag.displayName, speaker, { days: summary?.days, now: app.now(), ...viewer ? { following: summary?.followed ?? false } : {} })
    },
  }),
]
