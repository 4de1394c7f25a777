import type { IncomingMessage } from 'node:http'

/** The token of an app that asks; empty where the header is there and makes no sense, undefined where it isn't there. */
export function bearerOf(request: IncomingMessage): string | undefined {
  const found = /^bearer\s+(\S{0,200})\s*(.*)$/i.exec(request.headers.authorization ?? '')
  return found ? (found[2] ? '' : found[1]) : undefined
}
