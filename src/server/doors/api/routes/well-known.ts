import { z } from 'zod'
import { accountView, countMembers, countPosts, findAccountByUsername } from '#server/domain/accounts/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { accountEntity } from '#server/entities/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { ApiError } from '../errors.ts'
import type { Call, RawCall, Route } from '../route.ts'
import { route } from '../route.ts'
import { version } from './instance.ts'

const schemaOf = (which: string) => `http://nodeinfo.diaspora.software/ns/schema/${which}`
const [compatible = '', own = ''] = version.split(/ \(compatible; Hearth |\)/)
const kept = { 'cache-control': 'public, max-age=600' }
const template = (origin: string) => `${origin}/.well-known/webfinger?resource={uri}`

/** Which member a resource means: 'acct:name@host', or the address of a profile here; null for everything else. */
export function nameIn(resource: string, origin: string): string | null {
  const { host } = new URL(origin)
  const [, name = '', place = ''] = /^(?:acct:)?@?([^@\s/]{1,60})@([^@\s/]{1,300})$/i.exec(resource) ?? []
  if (name) return place.toLowerCase() === host ? name : null
  const path = resource.startsWith(`${origin}/@`) ? resource.slice(origin.length + 2) : ''
  return /^[^/?#\s]{1,200}$/.test(path) ? decoded(path) : null
}
function decoded(part: string): string | null {
  try { return decodeURIComponent(part) } catch { return null }
}

async function webfinger(call: RawCall & Pick<Call, 'speaker'>, resource: string) {
  const { app, speaker, reply } = call
  const name = nameIn(resource, speaker.origin)
  // Where only members may read, nobody outside learns who is one.
  const found = name && (await readSettings(app)).readMode === 'everyone' ? await findAccountByUsername(app, name) : null
  const view = found?.state === 'active' ? await accountView(app, found.id) : null
  if (!view) throw notFound()
  const account = accountEntity(view, speaker)
  Object.assign(reply.headers, kept, { 'content-type': 'application/jrd+json; charset=utf-8' })
  return {
    subject: `acct:${view.username}@${new URL(speaker.origin).host}`, aliases: [account.url],
    links: [{ rel: 'http://webfinger.net/rel/profile-page', type: 'text/html', href: account.url }, { rel: 'http://webfinger.net/rel/avatar', href: account.avatar }],
  }
}

export const wellKnownRoutes: Route[] = [
  route({
    method: 'GET', path: '/.well-known/webfinger', summary: 'Where a member’s page is (RFC 7033)', access: 'anyone', scope: null, query: { resource: z.string().max(500).optional() }, answer: z.looseObject({ subject: z.string() }),
    async handle(call) {
      if (!call.query.resource) throw new ApiError(400, 'The parameter resource is missing')
      return webfinger(call, call.query.resource)
    },
  }),
  route({
    method: 'GET', path: '/.well-known/host-meta', summary: 'Where webfinger is, as XML', access: 'anyone', scope: null, answer: z.string(),
    async handle({ speaker, reply }) {
      Object.assign(reply.headers, kept, { 'content-type': 'application/xrd+xml; charset=utf-8' })
      return `<?xml version="1.0" encoding="UTF-8"?>\n<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">\n  <Link rel="lrdd" type="application/jrd+json" template="${template(speaker.origin)}"/>\n</XRD>\n`
    },
  }),
  route({
    method: 'GET', path: '/.well-known/host-meta.json', summary: 'The same as JSON', access: 'anyone', scope: null, answer: z.looseObject({}),
    async handle({ speaker, reply }) {
      Object.assign(reply.headers, kept)
      return { links: [{ rel: 'lrdd', type: 'application/jrd+json', template: template(speaker.origin) }] }
    },
  }),
  route({
    method: 'GET', path: '/.well-known/nodeinfo', summary: 'Where the facts about this server are', access: 'anyone', scope: null, answer: z.looseObject({}),
    async handle({ speaker, reply }) {
      Object.assign(reply.headers, kept)
      return { links: ['2.0', '2.1'].map((which) => ({ rel: schemaOf(which), href: `${speaker.origin}/nodeinfo/${which}` })) }
    },
  }),
  ...['2.0', '2.1'].map((which) => route({
    method: 'GET', path: `/nodeinfo/${which}`, summary: 'Facts about this server', access: 'anyone', scope: null, answer: z.looseObject({ version: z.string() }),
    note: '`metadata.upstream` names the software whose API this one speaks; some apps choose their dialect by it.',
    async handle({ app, reply }) {
      const [settings, members, posts] = await Promise.all([readSettings(app), countMembers(app), countPosts(app)])
      Object.assign(reply.headers, kept, { 'content-type': `application/json; charset=utf-8; profile="${schemaOf(which)}#"` })
      return {
        version: which, software: { name: 'hearth', version: own }, protocols: [], services: { inbound: [], outbound: [] }, openRegistrations: settings.joinMode === 'open' || settings.joinMode === 'approval',
        usage: { users: { total: members }, localPosts: posts }, metadata: { nodeName: settings.name, nodeDescription: settings.description, upstream: { name: 'mastodon', version: compatible } },
      }
    },
  })),
]
