import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { z } from 'zod'
import type { App } from '#server/app.ts'
import type { Account, Viewer } from '#server/domain/accounts/index.ts'
import type { Page, PageAsk } from '#server/platform/page/index.ts'
import type { Speaker } from '#server/entities/index.ts'
import type { Scope } from './scopes.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Fields = z.core.$ZodLooseShape

/** A file that came with a form, kept on disk until the answer is sent. */
export type SentFile = { path: string; name: string; bytes: number }

/** How large files may be; a function where that is a setting. */
export type MostBytes = Record<string, number | ((app: App) => Promise<number>)>

/** Who asks: an app with or without a member; `expiresAt` null: until it is revoked. */
export type Token = { id: string; appId: string | null; appName: string | null; scopes: ReadonlySet<string>; expiresAt: Date | null }

/** What came, before the route has read it. */
export type RawCall = {
  app: App
  viewer: Viewer
  token: Token | null
  locale: 'en' | 'ar'
  params: unknown
  query: unknown
  body: unknown
  files: Map<string, SentFile[]>
  headers: Record<string, string | string[] | undefined>
  /** the asked path with its query, for Link headers */
  url: URL
  /** who asks, for limits: an address */
  address: string
  /** changes the answer's status and headers */
  reply: { status: number; headers: Record<string, string> }
}
export type Call<Params = unknown, Query = unknown, Body = unknown> = Omit<RawCall, 'params' | 'query' | 'body'> & {
  params: Params
  query: Query
  body: Body
  speaker: Speaker
  /** The member; only for routes whose `access` is 'member'. */
  me: Account
}

export type Declaration<Params extends Fields, Query extends Fields, Body extends Fields, Answer extends z.ZodType> = {
  /** Fastify's way of writing paths: '/api/v1/accounts/:id' */
  path: string
  method: Method
  /** a sentence for the reference page */
  summary: string
  /** what of it is different here; Markdown for the reference page */
  note?: string
  /** anyone: with or without a token · app: any valid token · member: a token that speaks for a member who may act */
  access: 'anyone' | 'app' | 'member'
  /** what a token must allow; null where no right is needed */
  scope: Scope | null
  params?: Params
  query?: Query
  body?: Body
  /** its answers are kept while nothing changed that they depend on: everything it reads must be noted (`app.changes.note`) */
  kept?: boolean
  /** names of files that the form may bring, and how large each may be, in bytes */
  files?: MostBytes
  /** null: the answer has no shape of its own (streams, redirects) */
  answer: Answer
  handle(call: Call<z.infer<z.ZodObject<Params>>, z.infer<z.ZodObject<Query>>, z.infer<z.ZodObject<Body>>>): Promise<z.input<Answer>>
}

export type Route = {
  path: string
  method: Method
  summary: string
  note?: string
  access: 'anyone' | 'app' | 'member'
  scope: Scope | null
  files?: MostBytes
  kept?: boolean
  schemas: { params: z.ZodObject; query: z.ZodObject; body: z.ZodObject; answer: z.ZodType }
  run(call: RawCall & { speaker: Speaker }): Promise<unknown>
  /** Takes the connection over instead of answering; `headers` are those that every answer has. Must not throw. */
  stream?(call: RawCall, request: IncomingMessage, response: ServerResponse, headers: OutgoingHttpHeaders): void
}

/**
 * Declares one operation of the API. Params, query and body are read by their schemas before `handle` runs; what doesn't
 * fit is answered with 422. Fields that no schema names are ignored, as clients of other servers send many.
 */
export function route<Params extends Fields, Query extends Fields, Body extends Fields, Answer extends z.ZodType>(declared: Declaration<Params, Query, Body, Answer>): Route {
  const { handle, params, query, body, answer, ...rest } = declared
  const schemas = { params: z.object(params ?? {} as Params), query: z.object(query ?? {} as Query), body: z.object(body ?? {} as Body), answer }
  return {
    ...rest, schemas,
    run: (call) => handle({
      ...call,
      params: schemas.params.parse(call.params), query: schemas.query.parse(call.query ?? {}), body: schemas.body.parse(call.body ?? {}),
      // `access` was checked before: for 'member' there is one.
      me: call.viewer as Account,
    }),
  }
}

/** The four words by which apps page, as fields of a query. `most`: the largest limit, beyond which it is cut. */
export const paging = (usual: number, most: number) => ({
  max_id: cursor, since_id: cursor, min_id: cursor,
  limit: z.coerce.number('a whole number').int('a whole number').optional().transform((limit) => Math.min(most, Math.max(1, limit ?? usual))),
})
const cursor = z.string().max(60).optional()
export type Paging = { max_id?: string; since_id?: string; min_id?: string; limit: number }

/** The paging words as the domain's ask. */
export const askOf = ({ max_id, since_id, min_id, limit }: Paging): PageAsk => max_id ? { before: max_id, limit } : min_id ? { after: min_id, limit } : since_id ? { since: since_id, limit } : { limit }

/** Tells the app where this list goes on, in a Link header on the public origin; other parameters stay, but for a token, which belongs into no log. */
export function linkPages(call: Pick<RawCall, 'url' | 'reply'>, page: Pick<Page<unknown>, 'older' | 'first'>): void {
  const link = (rel: string, word: string, id: string) => {
    const url = new URL(call.url)
    for (const other of ['max_id', 'since_id', 'min_id', 'offset', 'access_token', 'bearer_token']) url.searchParams.delete(other)
    url.searchParams.set(word, id)
    return `<${url}>; rel="${rel}"`
  }
  const links = [page.older ? link('next', 'max_id', page.older) : '', page.first ? link('prev', 'min_id', page.first) : ''].filter(Boolean)
  if (links.length) call.reply.headers['link'] = links.join(', ')
}
