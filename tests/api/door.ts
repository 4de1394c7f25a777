import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect } from 'vitest'
import { apiDoor } from '../../src/server/doors/api/index.ts'
import { routes } from '../../src/server/doors/api/routes/index.ts'
import { createAccessToken } from '../../src/server/domain/apps/index.ts'
import type { Account } from '../../src/server/domain/accounts/index.ts'
import type { World } from '../world.ts'

export type Answer = { status: number; headers: Headers; body: never; json: Record<string, never> & never[] }
type Ask = { method?: string; path: string; json?: unknown; form?: Record<string, string> | [string, string][]; data?: FormData; headers?: Record<string, string>; unchecked?: boolean }
export type Client = (ask: string | Ask) => Promise<Answer>
export type Api = { url: string; visitor: Client; as(account: Account, scopes?: string): Promise<Client>; close(): Promise<void> }

/** The API of a world on a port of its own. Every answer is checked against the route's own schema and, where it is at hand, the published one. */
export async function openApi(world: World): Promise<Api> {
  const door = await apiDoor(world.app)
  const server = createServer((request, response) => {
    request.headers['x-hearth-address'] = '127.0.0.1'
    door(request, response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = (token?: string): Client => async (given) => {
    const ask: Ask = typeof given === 'string' ? { path: given } : given
    const method = ask.method ?? (ask.json !== undefined || ask.form || ask.data ? 'POST' : 'GET')
    const body = ask.json !== undefined ? JSON.stringify(ask.json) : ask.form ? new URLSearchParams(ask.form) : ask.data
    const headers = { ...token ? { authorization: `Bearer ${token}` } : {}, ...ask.json !== undefined ? { 'content-type': 'application/json' } : {}, ...ask.headers }
    const response = await fetch(url + ask.path, { method, headers, body })
    const text = await response.text()
    const parsed = text ? JSON.parse(text) as unknown : null
    if (!ask.unchecked) checkAnswer(method, ask.path.split('?')[0]!, response.status, parsed)
    return { status: response.status, headers: response.headers, body: parsed as never, json: parsed as never }
  }
  return {
    url, visitor: client(),
    async as(account, scopes = 'read write follow push') { return client((await createAccessToken(world.app, account, scopes)).accessToken) },
    close: () => new Promise((done) => { server.close(() => done()); server.closeAllConnections() }),
  }
}

/** The published description of Mastodon's API; it isn't part of this repository. */
export const published = join(import.meta.dirname, '../../../shared/spec/mastodon-openapi.schema.json')
type Spec = { components: { schemas: Record<string, { properties: Record<string, object> }> }; paths: Record<string, Record<string, { responses: Record<string, { content?: Record<string, unknown> }> }>> }
const spec: Spec | null = existsSync(published) ? JSON.parse(readFileSync(published, 'utf8').replaceAll('"oneOf"', '"anyOf"')) as Spec : null
const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { 'iso-639-1': true, scopes: true, binary: true } })
addFormats.default(ajv)
// Mastodon sends ids as text here, too, though its description says a number.
if (spec) Object.assign(spec.components.schemas['NotificationGroup']?.properties['most_recent_notification_id'] ?? {}, { type: 'string' })
// Where a link names nobody, every server sends an empty text; the description's own examples do, too.
for (const name of ['PreviewCard', 'TrendsLink']) for (const field of ['author_url', 'embed_url', 'provider_url']) Object.assign(spec?.components.schemas[name]?.properties[field] ?? {}, { format: undefined, pattern: '^$|^https?://' })
if (spec) ajv.addSchema(spec, 'spec')

/** 'GET /api/v1/accounts/{id}' of every operation that the published description has. */
export const publishedOperations = (): string[] => spec ? Object.entries(spec.paths).flatMap(([path, methods]) => Object.keys(methods).filter((method) => ['get', 'post', 'put', 'patch', 'delete'].includes(method)).map((method) => `${method.toUpperCase()} ${path}`)) : []

const patterns = spec ? Object.keys(spec.paths).map((path) => ({ path, pattern: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`) })).sort((a, b) => countOf(a.path) - countOf(b.path)) : []
function countOf(path: string): number { return path.split('{').length }

/** Throws where an answer isn't as the route itself and the published description say; errors too. */
export function checkAnswer(method: string, path: string, status: number, answer: unknown): void {
  if (status >= 400) expect(answer, `${method} ${path} ${status}`).toMatchObject({ error: expect.any(String) })
  const own = status >= 400 ? undefined : routes.filter((one) => one.method === method).map((one) => ({ one, pattern: new RegExp(`^${one.path.replace(/[.]/g, '\\.').replace(/:[a-z_]+/g, '[^/]+')}/?$`) })).filter(({ pattern }) => pattern.test(path)).sort((a, b) => a.one.path.split(':').length - b.one.path.split(':').length)[0]?.one
  if (own) {
    const parsed = own.schemas.answer.safeParse(answer)
    expect(parsed.error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? [], `${method} ${path} by its own schema`).toEqual([])
  }
  const found = patterns.find(({ pattern }) => pattern.test(path))
  const content = found && spec?.paths[found.path]?.[method.toLowerCase()]?.responses[status]?.content
  if (!found || !content || !('application/json' in content) || contradictory.has(`${method} ${found.path}`)) return
  const pointer = ['paths', found.path, method.toLowerCase(), 'responses', String(status), 'content', 'application/json', 'schema'].map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')
  const validate = ajv.getSchema(`spec#/${encodeURI(pointer)}`) ?? ajv.compile({ $ref: `spec#/${encodeURI(pointer)}` })
  if (!validate(answer)) expect(validate.errors?.map((error) => `${error.instancePath} ${error.message}`), `${method} ${path} by the published schema`).toEqual([])
}

/** Where the published description contradicts its own examples and every server. */
const contradictory = new Set(['GET /api/v1/filters', 'POST /api/v1/collections', 'PATCH /api/v1/collections/{id}'])
