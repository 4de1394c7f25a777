import compression from 'compression'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { constants } from 'node:zlib'

type Packed = (request: IncomingMessage, response: ServerResponse, next: () => void) => void
type Encoding = 'br' | 'gzip' | ''

/**
 * Pages go out packed, a tenth of their size: phones on slow lines, and machines without a proxy in front. A signed-in member's page
 * whose address carries somebody's words (a search) goes out as it is, since its length could tell an onlooker what else is on it
 * (BREACH); the other ones end in a comment of random length (hooks.server.ts).
 */
export function packing(signedIn: (request: IncomingMessage) => boolean): Packed {
  const pack = compression({
    threshold: 1024, level: 5, brotli: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
    filter: (request, response) => !((request.url ?? '').includes('?') && signedIn(request)) && compression.filter(request, response),
  })
  return pack as unknown as Packed
}

/** In which of its forms a page goes to whoever asks. */
export function encodingFor(request: IncomingMessage): Encoding {
  const accepted = String(request.headers['accept-encoding'] ?? '')
  return /\bbr\b(?!;q=0(?:\.0*)?(?:,|$))/.test(accepted) ? 'br' : /\bgzip\b(?!;q=0(?:\.0*)?(?:,|$))/.test(accepted) ? 'gzip' : ''
}
