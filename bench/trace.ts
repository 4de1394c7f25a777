/** One event of Chromium's trace; times in µs, `tdur` in processor time of its thread. */
export type TraceEvent = { name: string; pid: number; tid: number; ts: number; dur?: number; tdur?: number; args?: { name?: string; data?: { documentLoaderURL?: string } } }

const slowdown = 4
const unnoticedMs = 50

/**
 * For how long (ms) a page's main thread, on a phone four times as slow, would let a hand wait after its first words were shown: Lighthouse's
 * total blocking time, counted by the processor time of the page's own thread, so that what else the machine does is left out.
 */
export function ownBlockingMs(events: TraceEvent[]): number {
  const start = events.findLast((event) => event.name === 'navigationStart' && event.args?.data?.documentLoaderURL?.startsWith('http'))
  if (!start) return Number.NaN
  const main = events.find((event) => event.name === 'thread_name' && event.pid === start.pid && event.args?.name === 'CrRendererMain')
  const shown = events.find((event) => event.name === 'firstContentfulPaint' && event.pid === start.pid && event.ts >= start.ts)
  const tasks = events.filter((event) => event.name.endsWith('RunTask') && event.pid === start.pid && event.tid === main?.tid && event.ts >= (shown ?? start).ts).sort((a, b) => a.ts - b.ts)
  let until = 0
  let blocked = 0
  for (const { ts, dur = 0, tdur = 0 } of tasks) {
    // A task inside of another is counted with it.
    if (ts < until) continue
    until = ts + dur
    blocked += Math.max(0, tdur / 1000 * slowdown - unnoticedMs)
  }
  return blocked
}
