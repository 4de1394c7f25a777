import { lookup as resolve } from 'node:dns/promises'
import { request as overHttp } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { request as overHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import { isGlobal, readAddress } from './address.ts'
import { acceptedEncodings, readBody } from './body.ts'
import { fetchError, isFetchError } from './error.ts'
import { hostRest } from './rest.ts'

export { isGlobal, readAddress } from './address.ts'
export { isFetchError } from './error.ts'
export type { FetchCode, FetchError } from './error.ts'

export type Outgoing = {
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: Buffer
  /** most bytes of the answer, after unpacking; 0 reads nothing of it */
  bytes: number
  /** what happens with more */
  tooLong?: 'cut' | 'refuse'
  /** types that are read ('text/html', 'image/*'); anything else, where it is a success, is 'wrongType' */
  types?: string[]
  /** for all of it, redirects included */
  seconds?: number
  /** how many are followed; GET three, POST none */
  redirects?: number
  /** only https, unless allowed by name */
  secure?: boolean
}
export type Incoming = { /** where it was found in the end */ url: string; status: number; headers: IncomingHttpHeaders; /** in small letters, without parameters */ type: string; body: Buffer; cut: boolean }
export type Outbound = { ask(address: string, outgoing: Outgoing): Promise<Incoming> }

type Resolved = { address: string; family: number }[]
type Options = { userAgent: string; allow: readonly string[]; lookup?: (host: string) => Promise<Resolved>; restMs?: number }

/**
 * The one way out: everything that is asked of other machines goes through here. Only http and https on their usual ports, only
 * addresses of the wide internet (each redirect is looked at again), connected to exactly the address that was checked, bounded in
 * time, size and redirects; no cookies, nothing kept open. Hosts in `allow` ('host' or 'host:port') are asked wherever they are: for tests.
 * Rejects with a FetchError; a status that says no is an answer.
 */
export function openOutbound({ userAgent, allow, lookup = (host) => resolve(host, { all: true }), restMs = 60_000 }: Options): Outbound {
  const rest = hostRest(restMs)

  /** One question to one checked address. */
  async function once(address: string, outgoing: Outgoing, signal: AbortSignal): Promise<Incoming & { next: string | null }> {
    const read = readAddress(address, allow)
    if (!read || (outgoing.secure && !read.allowed && read.url.protocol !== 'https:')) throw fetchError('badAddress')
    return rest.run(read.url.host, () => exchange(read, outgoing, signal).catch((error: unknown) => { throw named(error, read.host, signal) }))
  }

  async function exchange(read: NonNullable<ReturnType<typeof readAddress>>, outgoing: Outgoing, signal: AbortSignal): Promise<Incoming & { next: string | null }> {
    const to = await Promise.race([lookup(read.host), ended(signal)]).catch((error: unknown) => { throw isFetchError(error) ? error : fetchError('unreachable', String(error)) })
    if (to.length === 0) throw fetchError('unreachable', 'no address')
    if (!read.allowed && !to.every((one) => isGlobal(one.address))) throw fetchError('insideNetwork', read.host)
    const response = await call(read.url, to, outgoing, signal)
    try {
      const { status, type } = { status: response.statusCode ?? 0, type: (response.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase() }
      const next = [301, 302, 303, 307, 308].includes(status) ? response.headers.location ?? null : null
      const facts = { url: read.url.href, status, type, headers: response.headers, next }
      if (next !== null || outgoing.bytes === 0) return { ...facts, body: Buffer.alloc(0), cut: true }
      if (status < 300 && outgoing.types && !outgoing.types.some((one) => one.endsWith('/*') ? type.startsWith(one.slice(0, -1)) : one === type)) throw fetchError('wrongType', type.slice(0, 80))
      return { ...facts, ...await readBody(response, outgoing.bytes, outgoing.tooLong ?? 'refuse') }
    } finally {
      response.destroy()
    }
  }

  /** Whatever went wrong, in our words. */
  const named = (error: unknown, host: string, signal: AbortSignal) => isFetchError(error) ? error
    : signal.aborted ? fetchError('tooSlow', host) : fetchError('unreachable', error instanceof Error ? error.message : String(error))

  function call(url: URL, to: Resolved, { method = 'GET', headers, body }: Outgoing, signal: AbortSignal): Promise<IncomingMessage> {
    // The addresses that were checked, whatever the name stands for by now.
    const pinned: LookupFunction = (_host, options, answer) => { if (options.all) answer(null, to); else answer(null, to[0]!.address, to[0]!.family) }
    return new Promise((done, fail) => {
      const request = (url.protocol === 'https:' ? overHttps : overHttp)(url, {
        method, agent: false, signal, lookup: pinned, maxHeaderSize: 16_384,
        headers: { 'user-agent': userAgent, 'accept-encoding': acceptedEncodings, connection: 'close', ...headers, ...(body ? { 'content-length': String(body.length) } : {}) },
      }, done)
      request.on('error', fail)
      request.end(body)
    })
  }

  return {
    async ask(address, outgoing) {
      const signal = AbortSignal.timeout((outgoing.seconds ?? 10) * 1000)
      const most = outgoing.redirects ?? ((outgoing.method ?? 'GET') === 'GET' ? 3 : 0)
      for (let left = most, at = address; ; left--) {
        const { next, ...answer } = await once(at, outgoing, signal)
        if (next === null || most === 0) return answer
        if (left === 0) throw fetchError('tooManyRedirects')
        if (!URL.canParse(next, answer.url)) throw fetchError('badAddress')
        at = new URL(next, answer.url).href
      }
    },
  }
}

/** Names that nobody answers for take as long as they like; the deadline doesn't. */
const ended = (signal: AbortSignal) => new Promise<never>((_, fail) => {
  const end = () => fail(fetchError('tooSlow', 'name'))
  if (signal.aborted) end()
  else signal.addEventListener('abort', end, { once: true })
})
