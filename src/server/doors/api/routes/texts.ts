import { z } from 'zod'
import type { App } from '#server/app.ts'
import { instanceText, instanceTexts, readSettings, renderMarkdown } from '#server/domain/instance/index.ts'
import type { InstanceText } from '#server/domain/instance/index.ts'
import { contentHtml } from '#server/entities/index.ts'
import type { Speaker } from '#server/entities/index.ts'
import { notFound } from '#server/platform/errors.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'

const Text = z.object({ content: z.string(), updated_at: z.iso.datetime() })
const Terms = z.object({ content: z.string(), effective: z.boolean(), effective_date: z.iso.date(), succeeded_by: z.iso.date().nullable() }).meta({ id: 'TermsOfService' })

/** A version written ahead counts from its day. */
const sinceWhen = ({ createdAt, effectiveOn }: InstanceText): string => { const day = `${effectiveOn}T00:00:00.000Z`; return day > createdAt ? day : createdAt }

/** The version of a day; without one that in force, or the first to come. */
async function termsOf(app: App, speaker: Speaker, on?: string): Promise<z.infer<typeof Terms>> {
  const versions = await instanceTexts(app, 'terms')
  const today = app.now().toISOString().slice(0, 10)
  const current = versions.find((one) => one.effectiveOn <= today)
  const asked = on !== undefined ? versions.find((one) => one.effectiveOn === on) : current?.text ? current : versions.findLast((one) => one.effectiveOn > today && one.text)
  if (!asked?.text) throw notFound()
  const next = versions.findLast((one) => one.effectiveOn > asked.effectiveOn)
  return { content: contentHtml(asked.html, speaker), effective: asked === current, effective_date: asked.effectiveOn, succeeded_by: next?.text ? next.effectiveOn : null }
}

export const textRoutes: Route[] = [
  route({
    method: 'GET', path: '/api/v1/instance/extended_description', summary: 'The community’s story; where none was written, who runs the place', access: 'anyone', scope: null, answer: Text,
    async handle({ app, speaker }) {
      const story = await instanceText(app, 'about')
      if (story) return { content: contentHtml(story.html, speaker), updated_at: sinceWhen(story) }
      const { operator, updatedAt } = await readSettings(app)
      return { content: contentHtml(renderMarkdown(operator), speaker), updated_at: updatedAt }
    },
  }),
  route({
    method: 'GET', path: '/api/v1/instance/privacy_policy', summary: 'The privacy policy; where none was written, the terms', access: 'anyone', scope: null, answer: Text,
    async handle({ app, speaker }) {
      const text = await instanceText(app, 'privacy') ?? await instanceText(app, 'terms')
      return text ? { content: contentHtml(text.html, speaker), updated_at: sinceWhen(text) } : { content: '', updated_at: (await readSettings(app)).updatedAt }
    },
  }),
  route({ method: 'GET', path: '/api/v1/instance/terms_of_service', summary: 'The terms in force; where there are none yet, those to come', access: 'anyone', scope: null, answer: Terms, handle: ({ app, speaker }) => termsOf(app, speaker) }),
  route({
    method: 'GET', path: '/api/v1/instance/terms_of_service/:date', summary: 'The terms that came or come into force on a day', note: '`succeeded_by` is the day of the next version, wherever you begin.', access: 'anyone', scope: null, params: { date: z.string().max(40) }, answer: Terms,
    handle: ({ app, params, speaker }) => termsOf(app, speaker, params.date),
  }),
]
