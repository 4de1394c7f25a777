import { statfs } from 'node:fs/promises'
import type { App } from '#server/app.ts'
import { demandAdmin, readSettings } from '#server/domain/instance/index.ts'
import type { Actor, Lockdown } from '#server/domain/instance/index.ts'
import { latencyBounds } from '#server/platform/metrics/index.ts'
import { jobFigures } from './jobs.ts'
import { selectCommunity, selectLatency, selectMailCounts, selectParts, selectProcesses } from './queries-health.ts'
import type { ProcessPart, Span } from './queries-health.ts'
import { newestVersion } from './update-check.ts'

export type Range = 'hour' | 'day' | 'week'
const spans: Record<Range, { seconds: number; step: number }> = { hour: { seconds: 3600, step: 60 }, day: { seconds: 86_400, step: 900 }, week: { seconds: 604_800, step: 7200 } }

type Line = (number | null)[]
export type Health = {
  range: Range
  /** when each step began, ISO; each line has one value a step, null where nothing was written */
  times: string[]
  stepSeconds: number
  /** a minute */
  requests: Line
  errors: Line
  refused: Line
  /** seconds: half of the answers were faster, 95 and 99 of a hundred */
  latency: { p50: Line; p95: Line; p99: Line }
  jobs: { done: Line; failed: Line; waiting: Line; oldest: Line; media: Line }
  mails: { sent: Line; failed: Line }
  storage: { database: Line; media: Line; free: Line }
  memory: Line
  loopLag: Line
  streams: Line
  now: {
    jobs: { waiting: number; running: number; failed: number; oldest: number }
    mails: { failed: number; queued: number }
    disk: { free: number; all: number } | null
    processes: { name: string; roles: string; version: string; startedAt: string; seenAt: string; memory: number }[]
    lockdown: Lockdown | null
    version: string
    update: { version: string; address: string | null; checkedAt: string } | null
    asksForUpdates: boolean
  }
  /** what somebody should look at, worst first: keys of sentences */
  findings: { level: 'bad' | 'note'; code: 'noWorker' | 'diskLow' | 'jobsGivenUp' | 'jobsLate' | 'mailsFailed' | 'errors' | 'slow' | 'update' | 'locked'; params: Record<string, number | string> }[]
}

const aliveMs = 150_000

/** How things go and went, of all processes together. Admins and the owner only. */
export async function seeHealth(app: App, actor: Actor, range: Range): Promise<Health> {
  demandAdmin(actor)
  const { seconds, step } = spans[range]
  const origin = Date.parse('2020-01-01T00:00:00Z')
  const stepMs = step * 1000
  const to = origin + Math.ceil((app.now().getTime() - origin) / stepMs) * stepMs
  const span: Span = { from: new Date(to - seconds * 1000), to: new Date(to), stepSeconds: step }
  const on = app.database.queries
  const [parts, latencies, community, processes, jobs, mails, disk, settings, update] = await Promise.all([
    selectParts(on, span), selectLatency(on, span), selectCommunity(on, span), selectProcesses(on, new Date(app.now().getTime() - aliveMs)), jobFigures(app), selectMailCounts(on),
    statfs(app.config.dataFolder).then(({ bavail, blocks, bsize }) => ({ free: bavail * bsize, all: blocks * bsize }), () => null), readSettings(app), newestVersion(app),
  ])
  const times = Array.from({ length: seconds / step }, (_, at) => span.from.getTime() + at * stepMs)
  const byTime = Map.groupBy(parts, (one) => one.at.getTime())
  const sum = (of: keyof ProcessPart & ('requests' | 'errors' | 'refused' | 'jobs' | 'jobs_failed' | 'mails' | 'mails_failed' | 'memory' | 'streams')): Line => times.map((time) => byTime.get(time)?.reduce((all, one) => all + one[of], 0) ?? null)
  // The last step may not be over yet.
  const aMinute = (line: Line): Line => line.map((value, at) => value === null ? null : value / Math.min(step / 60, Math.max(1, (app.now().getTime() - times[at]!) / 60_000)))
  const most = (of: 'loop_lag'): Line => times.map((time) => { const all = byTime.get(time); return all ? Math.max(...all.map((one) => one[of])) : null })
  const shared = new Map(community.map((one) => [one.at.getTime(), one]))
  const line = (of: 'jobs_waiting' | 'jobs_oldest' | 'media_waiting' | 'database_bytes' | 'media_bytes' | 'disk_free'): Line => times.map((time) => shared.get(time)?.[of] ?? null)
  const buckets = new Map<number, number[]>()
  for (const { at, place, count } of latencies) {
    const counts = buckets.get(at.getTime()) ?? Array.from({ length: latencyBounds.length + 1 }, () => 0)
    if (place < counts.length) counts[place] = count
    buckets.set(at.getTime(), counts)
  }
  const quantile = (part: number): Line => times.map((time) => { const counts = buckets.get(time); return counts ? quantileOf(counts, part) : null })
  const health: Omit<Health, 'findings'> = {
    range, times: times.map((time) => new Date(time).toISOString()), stepSeconds: step,
    requests: aMinute(sum('requests')), errors: sum('errors'), refused: sum('refused'), latency: { p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) },
    jobs: { done: aMinute(sum('jobs')), failed: sum('jobs_failed'), waiting: line('jobs_waiting'), oldest: line('jobs_oldest'), media: line('media_waiting') },
    mails: { sent: sum('mails'), failed: sum('mails_failed') },
    storage: { database: line('database_bytes'), media: line('media_bytes'), free: line('disk_free') },
    memory: sum('memory'), loopLag: most('loop_lag'), streams: sum('streams'),
    now: {
      jobs: { waiting: Object.values(jobs.waiting).reduce((all, one) => all + one, 0), running: jobs.running, failed: jobs.failed, oldest: jobs.oldest }, mails, disk,
      processes: processes.map((one) => ({ name: one.process, roles: one.roles, version: one.version, startedAt: one.started_at.toISOString(), seenAt: one.at.toISOString(), memory: one.memory })),
      lockdown: settings.lockdown, version: app.version, update, asksForUpdates: app.config.updateCheck !== null,
    },
  }
  return { ...health, findings: findingsOf(health) }
}

/** In seconds, between the bounds as if evenly spread; what lies beyond the last bound counts as that. */
export function quantileOf(counts: number[], part: number): number | null {
  const all = counts.reduce((sum, one) => sum + one, 0)
  if (all === 0) return null
  let below = 0
  for (const [at, count] of counts.entries()) {
    if (below + count >= all * part && count > 0) {
      const low = at === 0 ? 0 : latencyBounds[at - 1]!
      const high = latencyBounds[at] ?? latencyBounds.at(-1)!
      return low + (high - low) * Math.min(1, (all * part - below) / count)
    }
    below += count
  }
  return latencyBounds.at(-1)!
}

function findingsOf(health: Omit<Health, 'findings'>): Health['findings'] {
  const { now } = health
  const found: Health['findings'] = []
  const gibibyte = 2 ** 30
  const recent = (line: Line) => line.slice(-2).reduce<number>((all, one) => all + (one ?? 0), 0)
  if (now.processes.length > 0 && !now.processes.some((one) => one.roles.includes('worker'))) found.push({ level: 'bad', code: 'noWorker', params: {} })
  if (now.disk && now.disk.free < 5 * gibibyte) found.push({ level: now.disk.free < gibibyte ? 'bad' : 'note', code: 'diskLow', params: { gigabytes: Math.round(now.disk.free / gibibyte * 10) / 10 } })
  if (now.jobs.oldest > 300) found.push({ level: 'bad', code: 'jobsLate', params: { minutes: Math.round(now.jobs.oldest / 60) } })
  if (recent(health.errors) > 0) found.push({ level: 'bad', code: 'errors', params: { count: recent(health.errors) } })
  if (now.jobs.failed > 0) found.push({ level: 'note', code: 'jobsGivenUp', params: { count: now.jobs.failed } })
  if (now.mails.failed > 0) found.push({ level: 'note', code: 'mailsFailed', params: { count: now.mails.failed } })
  const slow = health.latency.p95.findLast((one) => one !== null) ?? 0
  if (slow > 1) found.push({ level: 'note', code: 'slow', params: { seconds: Math.round(slow * 10) / 10 } })
  if (now.lockdown) found.push({ level: 'note', code: 'locked', params: {} })
  if (now.update && newer(now.update.version, now.version)) found.push({ level: 'note', code: 'update', params: { version: now.update.version } })
  return found.toSorted((a, b) => Number(a.level === 'note') - Number(b.level === 'note'))
}

/** Is `a` a later version than `b`? By their numbers; what follows a dash doesn't count. */
export function newer(a: string, b: string): boolean {
  const parts = (version: string) => version.replace(/^v/, '').split('-')[0]!.split('.').map((part) => Number(part) || 0)
  const [one, other] = [parts(a), parts(b)]
  for (let at = 0; at < 3; at++) if ((one[at] ?? 0) !== (other[at] ?? 0)) return (one[at] ?? 0) > (other[at] ?? 0)
  return false
}
