import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '#server/app.ts'
import type { Viewer } from '#server/domain/accounts/index.ts'
import { countryHere } from '#server/domain/withholding/index.ts'
import type { Keeper, Noted } from '#server/platform/changes/index.ts'
import { hashSecret } from '#server/platform/secrets/index.ts'
import type { RawCall, Token } from './route.ts'

export type Authority = { viewer: Viewer; token: Token | null }
type Ready = { body: Buffer; headers: Record<string, string> }
type Store = { answers: Keeper<Ready>; authorities: Keeper<Authority>; underWay: Map<string, Promise<Ready>> }

const answerBytes = 64 * 1024 * 1024
const authorityBytes = 8 * 1024 * 1024
/** Signed addresses and the day of a token's last use want to be renewed now and then. */
const longestMs = 60_000

function storeOf(app: App): Store {
  const known = app.caches.get('api answers') as Store | undefined
  if (known) return known
  const store: Store = { answers: app.changes.keeper(answerBytes, 'answers'), authorities: app.changes.keeper(authorityBytes, 'authorities'), underWay: new Map() }
  app.caches.set('api answers', store)
  return store
}

/** Who asks, from memory where that still holds. Only while changes are heard of (`settled`). */
export async function keptAuthority(app: App, bearer: string, find: () => Promise<Authority>): Promise<Authority> {
  const { authorities } = storeOf(app)
  const key = hashSecret(bearer).toString('base64')
  const now = app.now().getTime()
  const known = authorities.get(key, now)
  if (known) return known
  const since = authorities.mark()
  const found = await find()
  const { viewer, token } = found
  if (viewer && token) {
    const until = Math.min(now + longestMs, token.expiresAt?.getTime() ?? Infinity)
    authorities.keep(key, found, { words: new Set([`a${viewer.id}`, `v${viewer.id}`]), until }, { bytes: 4000, since })
  }
  return found
}

/**
 * The answer to a reading route: bytes kept for this reader and address, where nothing that they depend on changed; made
 * anew otherwise. Readers who come while it is made wait for it, and ask themselves where it didn't hold.
 */
export async function keptAnswer(app: App, call: RawCall, run: () => Promise<unknown>, reply: FastifyReply): Promise<FastifyReply> {
  const { answers, underWay } = storeOf(app)
  const key = `${call.viewer?.id ?? ''} ${call.token ? [...call.token.scopes].join(' ') : ''} ${call.locale} ${await countryHere(app) ?? ''} ${call.url.pathname}${call.url.search}`
  const send = ({ body, headers }: Ready) => reply.code(200).headers(headers).send(body)
  const now = app.now().getTime()
  const known = answers.get(key, now)
  if (known) return send(known)
  await underWay.get(key)?.catch(() => {})
  const made = answers.get(key, now)
  if (made) return send(made)
  const making = make()
  underWay.set(key, making)
  try {
    return send(await making)
  } finally {
    if (underWay.get(key) === making) underWay.delete(key)
  }

  async function make(): Promise<Ready> {
    // First the mark, then the reading: what a replica has not yet is younger than the mark, and the answer isn't kept.
    const since = answers.mark()
    const { result, noted } = await app.changes.reading(() => app.database.reading(run))
    const ready = { body: Buffer.from(JSON.stringify(result)), headers: { ...call.reply.headers, 'content-type': 'application/json; charset=utf-8' } }
    const held: Noted = { words: noted.words, until: Math.min(noted.until, now + longestMs) }
    if (call.reply.status === 200) answers.keep(key, ready, held, { bytes: ready.body.length + 500, since })
    return ready
  }
}

/** The bearer token in the header, which is where apps send it. */
export const headerToken = (request: FastifyRequest): string | undefined => /^Bearer\s+(\S{1,200})$/i.exec(request.headers.authorization ?? '')?.[1]
