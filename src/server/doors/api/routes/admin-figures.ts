import { z } from 'zod'
import type { App } from '#server/app.ts'
import type { Account as Me } from '#server/domain/accounts/index.ts'
import { demandStaff, languagesOfMembers, languagesOfTag, measure, measures, retention, spaceUsed, spanOf } from '#server/domain/moderation/index.ts'
import { readTag } from '#server/platform/text/tag.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { maybe, texts, whole, words } from '../values.ts'
import { version } from './instance.ts'

const reads = { access: 'member', scope: 'admin:read' } as const
const day = maybe(words(60).transform((text, context) => {
  const at = new Date(text)
  if (!Number.isNaN(at.getTime()) && at.getUTCFullYear() >= 2000 && at.getUTCFullYear() < 3000) return at
  context.issues.push({ code: 'custom', message: 'a date', input: text })
  return z.NEVER
}))
const span = { start_at: day, end_at: day }
const ofTag = maybe(z.object({ id: maybe(words(200)) }))
const tagOf = (one: { id?: string } | undefined) => readTag(one?.id ?? '')?.name ?? ''

const Measure = z.object({ key: z.string(), unit: z.null(), total: z.string(), previous_total: z.string(), data: z.array(z.object({ date: z.iso.datetime(), value: z.string() })) }).meta({ id: 'AdminMeasure' })
const Dimension = z.object({ key: z.string(), data: z.array(z.object({ key: z.string(), human_key: z.string(), value: z.string(), unit: z.string().optional(), human_value: z.string().optional() })) }).meta({ id: 'AdminDimension' })
const Cohort = z.object({ period: z.iso.datetime(), frequency: z.enum(['day', 'month']), data: z.array(z.object({ date: z.iso.datetime(), rate: z.number(), value: z.string() })) }).meta({ id: 'AdminCohort' })
const moment = (date: string) => `${date}T00:00:00.000Z`

/** Figures about other servers: there are none. */
const elsewhere = ['tag_servers', 'instance_accounts', 'instance_media_attachments', 'instance_reports', 'instance_statuses', 'instance_follows', 'instance_followers']
const dimensions = ['languages', 'sources', 'servers', 'space_usage', 'software_versions', 'tag_servers', 'tag_languages', 'instance_accounts', 'instance_languages'] as const

type Line = z.infer<typeof Dimension>['data'][number]
const nameOf = (locale: string) => { try { return new Intl.DisplayNames([locale], { type: 'language', fallback: 'code' }) } catch { return null } }
const counted = (rows: { key: string; value: number }[], locale: string): Line[] => rows.map(({ key, value }) => ({ key, human_key: key === 'und' ? key : nameOf(locale)?.of(key) ?? key, value: String(value) }))
const bytes = (key: string, name: string, value: number): Line => ({ key, human_key: name, value: String(value), unit: 'bytes', human_value: `${(value / 1_000_000).toFixed(1)} MB` })

async function dimension(app: App, me: Me, key: string, asked: { from: Date | null; to: Date | null; tag: string; limit: number }, locale: string): Promise<Line[]> {
  const days = spanOf(app, asked.from, asked.to)
  switch (key) {
    case 'languages': return counted(await languagesOfMembers(app, me, days), locale)
    case 'tag_languages': return counted(await languagesOfTag(app, me, days, asked.tag), locale)
    case 'space_usage': { const { database, media } = await spaceUsed(app, me); return [bytes('postgresql', 'PostgreSQL', database), bytes('media', 'Media', media)] }
    case 'software_versions': {
      const { version: postgres } = await spaceUsed(app, me)
      return [['hearth', 'Hearth', /Hearth ([^)]*)/.exec(version)?.[1] ?? version], ['node', 'Node.js', process.versions.node], ['postgresql', 'PostgreSQL', postgres]].map(([key, name, value]) => ({ key: key!, human_key: name!, value: value!, human_value: value! }))
    }
    default: return []
  }
}

export const adminFigureRoutes: Route[] = [
  route({
    method: 'POST', path: '/api/v1/admin/measures', summary: 'What happened on each day', ...reads, answer: z.array(Measure),
    note: 'At most three months at once. `active_users` are those who posted, boosted or liked. Figures about other servers are nought.',
    body: { keys: texts(30, 60), ...span, tag_accounts: ofTag, tag_uses: ofTag, tag_servers: ofTag },
    async handle({ app, me, body }) {
      demandStaff(me)
      const days = spanOf(app, body.start_at ?? null, body.end_at ?? null)
      const known = measures.filter((key) => body.keys.includes(key))
      const about = async (keys: typeof known, tag: string) => keys.length ? measure(app, me, keys, days, tag) : []
      const found = [...await about(known.filter((key) => !key.startsWith('tag_')), ''), ...await about(known.filter((key) => key === 'tag_accounts'), tagOf(body.tag_accounts)), ...await about(known.filter((key) => key === 'tag_uses'), tagOf(body.tag_uses))]
      const lines = new Map(found.map((one) => [one.key as string, { key: one.key as string, unit: null, total: String(one.total), previous_total: String(one.before), data: one.days.map(({ date, value }) => ({ date: moment(date), value: String(value) })) }]))
      return [...new Set(body.keys)].flatMap((key) => lines.get(key) ?? (elsewhere.includes(key) ? [{ key, unit: null, total: '0', previous_total: '0', data: [] }] : []))
    },
  }),
  route({
    method: 'POST', path: '/api/v1/admin/dimensions', summary: 'What it is made of', ...reads, answer: z.array(Dimension),
    note: 'Which app somebody joined by isn’t kept, and there are no other servers: `sources`, `servers` and what is about them are empty.',
    body: { keys: texts(30, 60), ...span, limit: maybe(whole(1, 1000)), tag_languages: ofTag, tag_servers: ofTag },
    async handle({ app, me, body, locale }) {
      demandStaff(me)
      const limit = Math.min(50, body.limit ?? 10)
      const keys = dimensions.filter((key) => body.keys.includes(key))
      return Promise.all(keys.map(async (key) => ({ key, data: (await dimension(app, me, key, { from: body.start_at ?? null, to: body.end_at ?? null, tag: tagOf(body.tag_languages), limit }, locale)).slice(0, limit) })))
    },
  }),
  route({
    method: 'POST', path: '/api/v1/admin/retention', summary: 'How many of those who joined stay', ...reads, answer: z.array(Cohort),
    note: 'By day at most a month, by month at most two years. Who stays is who posts, boosts or likes; who only reads isn’t counted, as reading isn’t kept.',
    body: { ...span, frequency: maybe(z.enum(['day', 'month'])) },
    async handle({ app, me, body }) {
      const frequency = body.frequency ?? 'day'
      return (await retention(app, me, body.start_at ?? null, body.end_at ?? null, frequency)).map(({ period, data }) => ({ period: moment(period), frequency, data: data.map(({ date, rate, value }) => ({ date: moment(date), rate, value: String(value) })) }))
    },
  }),
]
