import { z } from 'zod'
import { notFound } from '#server/platform/errors.ts'
import { ApiError } from '../errors.ts'
import type { Method, Route } from '../route.ts'
import { route } from '../route.ts'
import type { Scope } from '../scopes.ts'
import { pathId } from '../values.ts'
import { someone } from './someone.ts'

// What other servers have and a community of its own has not. docs/client-api.md says why of each.
const nothing = <Answer extends z.ZodType>(path: string, summary: string, scope: Scope | null, access: 'anyone' | 'app' | 'member', answer: Answer, empty: z.input<Answer>, method: Method = 'GET') =>
  route({ method, path, summary, access, scope, answer, async handle() { return empty } })
const missing = (method: Method, path: string, summary: string, scope: Scope) =>
  route({ method, path, summary, access: 'member', scope, answer: z.object({}), async handle() { throw notFound() } })
/** What can't be made here, in words. */
const refused = (method: Method, path: string, summary: string) =>
  route({ method, path, summary, access: 'member', scope: 'write:collections', answer: z.object({}), async handle() { throw new ApiError(403, 'This community has no collections; lists and featured people do the same') } })
/** Nothing of somebody, who must be there. */
const nothingOf = <Answer extends z.ZodType>(path: string, summary: string, scope: Scope | null, access: 'anyone' | 'member', answer: Answer, empty: z.input<Answer>) => route({
  method: 'GET', path, summary, access, scope, params: { account_id: pathId }, answer,
  async handle({ app, viewer, params }) { await someone(app, viewer, params.account_id); return empty },
})
const List = z.array(z.never())

export const absentRoutes: Route[] = [
  nothing('/api/v1/instance/peers', 'Other servers: none, a community stands by itself', null, 'anyone', List, []),
  nothing('/api/v1/instance/activity', 'Weekly activity: not published', null, 'anyone', List, []),
  nothing('/api/v1/instance/domain_blocks', 'Blocked servers: none', null, 'anyone', List, []),
  nothing('/api/v1/domain_blocks', 'Servers that the member blocks: none', 'read:blocks', 'member', List, []),
  nothing('/api/v1/domain_blocks', 'Block a server: there are none to meet', 'write:blocks', 'member', z.object({}), {}, 'POST'),
  nothing('/api/v1/domain_blocks', 'Unblock a server', 'write:blocks', 'member', z.object({}), {}, 'DELETE'),
  nothingOf('/api/v1/accounts/:account_id/identity_proofs', 'Identity proofs: gone from Mastodon too', null, 'member', List, []),
  nothing('/api/v1/annual_reports', 'A member’s year in numbers: Hearth keeps no such numbers', 'read:accounts', 'member', z.object({ annual_reports: List, accounts: List, statuses: List }), { annual_reports: [], accounts: [], statuses: [] }),
  missing('GET', '/api/v1/annual_reports/:year', 'One year: none', 'read:accounts'),
  missing('POST', '/api/v1/annual_reports/:year/generate', 'Make a year’s report: none', 'write:accounts'),
  missing('POST', '/api/v1/annual_reports/:year/read', 'Mark a year’s report as read: none', 'write:accounts'),
  nothing('/api/v1/annual_reports/:year/state', 'Whether a year’s report can be made: no', 'read:accounts', 'member', z.object({ state: z.literal('ineligible') }), { state: 'ineligible' }),
  nothingOf('/api/v1/accounts/:account_id/collections', 'Collections of accounts: lists and featured people do the same here', 'read:collections', 'anyone', z.object({ collections: List }), { collections: [] }),
  nothingOf('/api/v1/accounts/:account_id/in_collections', 'Collections that somebody is in: none', 'read:collections', 'member', z.object({ collections: List }), { collections: [] }),
  refused('POST', '/api/v1/collections', 'Make a collection: not here'),
  missing('GET', '/api/v1/collections/:id', 'A collection: none', 'read:collections'),
  missing('PATCH', '/api/v1/collections/:id', 'Change a collection: none', 'write:collections'),
  missing('DELETE', '/api/v1/collections/:id', 'Remove a collection: none', 'write:collections'),
  missing('POST', '/api/v1/collections/:collection_id/items', 'Put somebody into a collection: none', 'write:collections'),
  missing('DELETE', '/api/v1/collections/:collection_id/items/:id', 'Take somebody out of a collection: none', 'write:collections'),
  missing('POST', '/api/v1/collections/:collection_id/items/:id/revoke', 'Leave a collection: none', 'write:collections'),
  missing('GET', '/api/v1_alpha/async_refreshes/:id', 'Background fetching from other servers: never happens', 'read'),
]
