import type { z } from 'zod'
import type { Route } from '../../../src/server/doors/api/route.ts'

/** One odd request, and which answers are right: a single status, or 'refused' (4xx), or 'anything' but a failure of ours. */
export type Odd = { path: string; method: string; as: 'nobody' | 'narrow' | 'member'; body?: string; type?: string; right: number | 'refused' | 'anything'; what: string }

const badIds = ['garbage', '0', '-1', '99999999999999999999', '9223372036854775807', '%00', "'", '1.5', '..%2F..%2Fetc', '%F0%9F%8E%89']
/** Parameters that are words: what looks odd may be one. */
const words = new Set(['name', 'hashtag', 'date', 'group_key', 'year'])
const badValues: unknown[] = [{ a: { b: [1] } }, [[{}]], 'x'.repeat(2000), -1, 1e308, true, null, '\u0000', '2026-99-99', '\ud800']
const fieldsOf = (schema: z.ZodObject) => Object.keys(schema.shape)
const demands = (schema: z.ZodType) => !schema.safeParse({}).success

/** Everything wrong that can be sent to a route: no token, a token without the right, ids that nobody has, values of the wrong kind, bodies that can't be read. */
export function oddities(route: Route, real: (path: string) => string): Odd[] {
  const { method, path, access, scope, schemas } = route
  // What is wrong in a body must be found where everything else is right; only what would be gone after the first is asked of nobody's.
  const to = method === 'DELETE' ? path.replace(/:[a-z_]+/g, '1') : real(path)
  const odd: Odd[] = []
  if (access !== 'anyone') odd.push({ method, path: to, as: 'nobody', right: 401, what: 'no token' })
  if (scope) odd.push({ method, path: to, as: 'narrow', right: 403, what: 'a token without the right' })
  const names = [...path.matchAll(/:([a-z_]+)/g)].map((match) => match[1]!)
  for (const name of names) for (const id of badIds) {
    const asked = path.replace(`:${name}`, id).replace(/:[a-z_]+/g, '1')
    odd.push({ method, path: asked, as: 'member', right: words.has(name) ? 'anything' : 'refused', what: `${name}=${id}` })
  }
  if (route.stream) return odd
  for (const field of fieldsOf(schemas.query)) for (const value of ['garbage', '-1', '%00', '1e400', '%ED%A0%80', 'x'.repeat(2000)]) {
    for (const query of [`${field}=${value}`, `${field}[]=${value}`, `${field}[a][b]=${value}`]) odd.push({ method, path: `${to}?${query}`, as: 'member', right: 'anything', what: query.slice(0, 60) })
  }
  if (method === 'GET') return odd
  const json = 'application/json'
  odd.push({ method, path: to, as: 'member', body: '{"open": ', type: json, right: 'refused', what: 'broken JSON' }, { method, path: to, as: 'member', body: '<a/>', type: 'text/xml', right: 'refused', what: 'XML' })
  odd.push({ method, path: to, as: 'member', body: 'no parts', type: 'multipart/form-data; boundary=x', right: 'anything', what: 'a form without parts' }, { method, path: to, as: 'member', body: 'a', type: 'multipart/form-data', right: 'anything', what: 'a form without a boundary' })
  for (const body of ['[]', '"text"', '7', 'null', '{}', '{"unknown":1}']) odd.push({ method, path: to, as: 'member', body, type: json, right: demands(schemas.body) ? 'refused' : 'anything', what: `the body ${body}` })
  for (const field of fieldsOf(schemas.body)) for (const value of badValues) odd.push({ method, path: to, as: 'member', body: JSON.stringify({ [field]: value }), type: json, right: 'anything', what: `${field}: ${JSON.stringify(value).slice(0, 60)}` })
  return odd
}
