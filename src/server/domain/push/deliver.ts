import type { App } from '#server/app.ts'
import type { PushRequest } from '#server/platform/webpush/index.ts'

export type Delivered = { status: number; /** seconds, where the service said how long to wait */ retryAfter: number | null }

/** Hands one message to a push service, over https; answers are not read. Rejects when there is none in time, or the address isn't of the wide internet. */
export async function deliver(app: App, { url, headers, body }: PushRequest): Promise<Delivered> {
  const answer = await app.outbound.ask(url, { method: 'POST', headers, body, bytes: 0, seconds: 15, secure: true })
  return { status: answer.status, retryAfter: secondsOf(answer.headers['retry-after'], app.now()) }
}

/** Retry-After is a number of seconds or a date. */
function secondsOf(text: string | undefined, now: Date): number | null {
  if (!text) return null
  const seconds = /^\d{1,9}$/.test(text.trim()) ? Number(text) : (Date.parse(text) - now.getTime()) / 1000
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : null
}
