import type { App } from '#server/app.ts'
import { ApiError } from './errors.ts'

/** `used` by this process and, as far as known, by others; `untold` of it the others don't know yet. */
type Window = { used: number; untold: number; resetsAt: number }
const windowMs = 300_000
/** as Mastodon: by member 1,500 in five minutes, without a token 300 an address */
const mostOf = { member: 1500, address: 300 }
const mostWindows = 50_000
/** Who uses a twentieth of what they may in one process is told to the others. */
const share = 20

/**
 * Counts one request and gives the headers that apps read. Counted in this process, and told to the others (where there can be any) by twentieths: a member
 * may get that much more for each process, and reading costs nothing. What costs (posting, uploading, logging in) has its own limits in the
 * database, exact for all. Throws 429 with Retry-After.
 */
export function pace(app: App, who: { accountId: string | null; address: string }): Record<string, string> {
  let windows = app.caches.get('api pace') as Map<string, Window> | undefined
  if (!windows) app.caches.set('api pace', windows = new Map())
  const now = app.now().getTime()
  const key = who.accountId ?? who.address
  const most = Math.ceil((who.accountId ? mostOf.member : mostOf.address) * app.config.rateLimitScale)
  let window = windows.get(key)
  if (!window || window.resetsAt <= now) {
    // Windows begin on the clock, so that all that are over are forgotten together.
    window = { used: 0, untold: 0, resetsAt: (Math.floor(now / windowMs) + 1) * windowMs }
    if (windows.size >= mostWindows) windows.clear()
    windows.set(key, window)
  }
  window.used++
  if (app.config.databaseUrl && ++window.untold >= Math.max(1, Math.floor(most / share))) tellOthers(app, key, window)
  const headers = { 'x-ratelimit-limit': String(most), 'x-ratelimit-remaining': String(Math.max(0, most - window.used)), 'x-ratelimit-reset': new Date(window.resetsAt).toISOString() }
  if (window.used > most) throw Object.assign(new ApiError(429, 'Too many requests'), { headers: { ...headers, 'retry-after': String(Math.ceil((window.resetsAt - now) / 1000)) } })
  return headers
}

/** Without waiting: the answer holds for the next request. */
function tellOthers(app: App, key: string, window: Window): void {
  const { untold, resetsAt } = window
  window.untold = 0
  app.limits.addUp(`pace:${key}`, untold, new Date(resetsAt)).then(
    // What was counted here while it was asked isn't in the sum.
    (all) => { window.used = Math.max(window.used, all + window.untold) },
    () => { window.untold += untold })
}
