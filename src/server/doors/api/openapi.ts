import { z } from 'zod'
import type { Route } from './route.ts'
import { routes } from './routes/index.ts'

type Json = Record<string, unknown>
/** One operation of the reference page. */
export type Operation = {
  method: string; path: string; summary: string; note: string; access: Route['access']; scope: string | null; group: string
  fields: { where: 'path' | 'query' | 'body' | 'file'; name: string; type: string; required: boolean }[]
  answer: string
}

/** What this server serves, as OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0), made from the routes' own schemas. */
export function openApi(site: { name: string; origin: string; version: string }): Json {
  const components: Json = {}
  const paths: Record<string, Json> = {}
  for (const route of routes) {
    const path = route.path.replace(/:([a-z_]+)/g, '{$1}')
    const part = paths[path] ??= {}
    part[route.method.toLowerCase()] = describe(route, components)
  }
  return {
    openapi: '3.1.0', info: { title: `${site.name}: client API`, version: site.version, description: 'Compatible with Mastodon’s client API. Made from the routes’ own schemas.' }, servers: [{ url: site.origin }], paths,
    components: {
      schemas: { ...components, Error: { type: 'object', required: ['error'], properties: { error: { type: 'string' }, details: { type: 'object' } } } },
      securitySchemes: { OAuth2: { type: 'oauth2', flows: { authorizationCode: { authorizationUrl: `${site.origin}/oauth/authorize`, tokenUrl: `${site.origin}/oauth/token`, scopes: Object.fromEntries([...new Set(routes.flatMap((route) => route.scope ?? []))].sort().map((scope) => [scope, scope])) } } } },
    },
  }
}

/** The same for people: every operation with its fields, by group, in the order of the paths. */
export function operations(): Operation[] {
  return routes.map((route) => ({
    method: route.method, path: route.path.replace(/:([a-z_]+)/g, '{$1}'), summary: route.summary, note: route.note ?? '', access: route.access, scope: route.scope, group: groupOf(route.path),
    fields: [
      ...fieldsOf(route.schemas.params, 'path'), ...fieldsOf(route.schemas.query, 'query'), ...fieldsOf(route.schemas.body, 'body'),
      ...Object.keys(route.files ?? {}).map((name) => ({ where: 'file' as const, name, type: 'file', required: false })),
    ],
    answer: nameOf(schemaOf(route.schemas.answer, {})),
  })).sort((a, b) => a.group.localeCompare(b.group) || a.path.localeCompare(b.path) || a.method.localeCompare(b.method))
}

const groupOf = (path: string) => path.replace(/^\/api\/v\d[a-z_]*\//, '').replace(/^\/+(api\/)?/, '').split('/')[0]!.replace(/^\.well-known$/, 'discovery')

function describe(route: Route, components: Json): Json {
  const { params, query, body, answer } = route.schemas
  const parameters = (['path', 'query'] as const).flatMap((where) => properties(where === 'path' ? params : query, components).map(({ name, schema, required }) => ({ name, in: where, required: where === 'path' || required, schema })))
  const sent = schemaOf(body, components)
  const hasBody = Object.keys((sent['properties'] ?? {}) as Json).length > 0
  const withFiles = { ...sent, properties: { ...sent['properties'] as Json, ...Object.fromEntries(Object.keys(route.files ?? {}).map((name) => [name, { type: 'string', format: 'binary' }])) } }
  return {
    summary: route.summary, ...route.note ? { description: route.note } : {}, tags: [groupOf(route.path)], ...parameters.length ? { parameters } : {},
    ...hasBody || route.files ? { requestBody: { content: { ...hasBody ? { 'application/json': { schema: sent }, 'application/x-www-form-urlencoded': { schema: sent } } : {}, 'multipart/form-data': { schema: withFiles } } } } : {},
    responses: {
      200: { description: 'as asked', content: { 'application/json': { schema: schemaOf(answer, components) } } },
      default: { description: 'not possible; `error` says why', content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } },
    },
    ...route.access === 'anyone' && !route.scope ? {} : { security: [...route.access === 'anyone' ? [{}] : [], { OAuth2: route.scope ? [route.scope] : [] }] },
  }
}

/** A zod schema as JSON Schema; schemas with a name go into `components`. */
function schemaOf(schema: z.ZodType, components: Json): Json {
  const made = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', cycles: 'ref', reused: 'inline' }) as Json
  const { $defs = {}, id, ...rest } = JSON.parse(JSON.stringify(made).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json & { $defs?: Json; id?: string }
  delete rest['$schema']
  for (const [name, one] of Object.entries($defs)) components[name] ??= without(one as Json)
  if (typeof id !== 'string') return rest
  components[id] ??= rest
  return { $ref: `#/components/schemas/${id}` }
}
const without = (one: Json): Json => Object.fromEntries(Object.entries(one).filter(([key]) => key !== 'id'))

function properties(schema: z.ZodType, components: Json): { name: string; schema: Json; required: boolean }[] {
  const { properties: found = {}, required = [] } = schemaOf(schema, components) as { properties?: Record<string, Json>; required?: string[] }
  return Object.entries(found).map(([name, one]) => ({ name, schema: one, required: required.includes(name) }))
}

const fieldsOf = (schema: z.ZodType, where: 'path' | 'query' | 'body') => properties(schema, {}).map(({ name, schema: one, required }) => ({ where, name, type: nameOf(one), required: where === 'path' || (required && one['type'] !== undefined) }))

/** A schema in a word or two. */
function nameOf(schema: Json): string {
  const { $ref, type, items, anyOf, enum: choices, format } = schema as { $ref?: string; type?: string | string[]; items?: Json; anyOf?: Json[]; enum?: unknown[]; format?: string }
  if ($ref) return $ref.split('/').at(-1)!
  if (choices) return choices.map(String).join(' | ')
  if (anyOf) return meantBy([...new Set(anyOf.map(nameOf))].filter((name) => name !== 'null'))
  if (type === 'array') return `${items ? nameOf(items) : 'any'}[]`
  return format && format !== 'uri' ? `${String(type)} (${format})` : Array.isArray(type) ? meantBy(type) : type ?? 'any'
}

/** Switches and short texts are taken in every way that apps write them: a reader wants to know what they mean. */
function meantBy(names: string[]): string {
  if (names.length < 2 || !names.every((name) => ['boolean', 'string', 'number'].includes(name))) return names.join(' | ')
  return names.includes('boolean') ? 'boolean' : 'string'
}
