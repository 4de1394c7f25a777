import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

/** Upper bounds in seconds; what takes longer is counted beyond the last. */
export const latencyBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const jobBounds = [0.01, 0.05, 0.25, 1, 5, 30, 120, 600]

/** What one minute (or any stretch) saw, to be written down: counts since the last time it was taken. */
export type Stretch = { requests: number; refused: number; errors: number; /** one more than `latencyBounds` */ latency: number[]; jobs: number; jobsFailed: number; mails: number; mailsFailed: number }
const nothingYet = (): Stretch => ({ requests: 0, refused: 0, errors: 0, latency: Array.from({ length: latencyBounds.length + 1 }, () => 0), jobs: 0, jobsFailed: 0, mails: 0, mailsFailed: 0 })

/** Numbers of this process for Prometheus, and the same for the owner's page. Labels come from closed lists; nothing in them is about a person. */
export type Metrics = {
  /** A request was answered. `kind`: a class of routes, never an address. */
  answered(kind: string, status: number, seconds: number): void
  jobDone(name: string, outcome: 'done' | 'failed', seconds: number): void
  mail(outcome: 'sent' | 'failed'): void
  /** A number that is asked for when somebody looks. With a label, one for each of its values. A number that can't be had now is left out. */
  gauge(name: string, help: string, read: () => number | Promise<number | undefined> | undefined): void
  gauges(name: string, help: string, label: string, read: () => Record<string, number> | Promise<Record<string, number>>): void
  /** A number that only rises, kept by somebody else. */
  counts(name: string, help: string, label: string, read: () => Record<string, number>): void
  /** All of them as Prometheus reads them. */
  text(): Promise<{ type: string; body: string }>
  /** What happened since the last call. */
  take(): Stretch
  /** How late the event loop was since the last call, in seconds: of a hundred turns the slowest. */
  loopLag(): number
  close(): void
}

/** One for each App. */
export function openMetrics(): Metrics {
  const registry = new Registry()
  let stretch = nothingYet()
  const requests = new Counter({ name: 'hearth_http_requests_total', help: 'Requests answered, by class of route and status', labelNames: ['route', 'status'], registers: [registry] })
  const latency = new Histogram({ name: 'hearth_http_request_seconds', help: 'How long answers took, by class of route; open streams are not among them', labelNames: ['route'], buckets: latencyBounds, registers: [registry] })
  const jobs = new Counter({ name: 'hearth_jobs_total', help: 'Jobs that ran in this process, by name and outcome', labelNames: ['job', 'outcome'], registers: [registry] })
  const jobSeconds = new Histogram({ name: 'hearth_job_seconds', help: 'How long jobs took, by name', labelNames: ['job'], buckets: jobBounds, registers: [registry] })
  const mails = new Counter({ name: 'hearth_mails_total', help: 'Letters handed to the mail server by this process, by outcome', labelNames: ['outcome'], registers: [registry] })
  for (const outcome of ['sent', 'failed']) mails.inc({ outcome }, 0)
  const lag = loopWatch()
  let asked = false
  return {
    answered(kind, status, seconds) {
      requests.inc({ route: kind, status: String(status) })
      stretch.requests++
      if (status >= 500) stretch.errors++
      else if (status === 429) stretch.refused++
      if (seconds < 0) return
      latency.observe({ route: kind }, seconds)
      const at = latencyBounds.findIndex((bound) => seconds <= bound)
      stretch.latency[at < 0 ? latencyBounds.length : at]!++
    },
    jobDone(job, outcome, seconds) {
      jobs.inc({ job, outcome })
      jobSeconds.observe({ job }, seconds)
      stretch.jobs++
      if (outcome === 'failed') stretch.jobsFailed++
    },
    mail(outcome) {
      mails.inc({ outcome })
      if (outcome === 'sent') stretch.mails++
      else stretch.mailsFailed++
    },
    gauge(name, help, read) {
      registry.removeSingleMetric(name)
      new Gauge({ name, help, registers: [registry], async collect() {
        const value = await Promise.resolve().then(read).catch(() => undefined)
        if (value === undefined) this.remove({})
        else this.set(value)
      } })
    },
    gauges(name, help, label, read) {
      registry.removeSingleMetric(name)
      new Gauge({ name, help, labelNames: [label], registers: [registry], async collect() {
        this.reset()
        for (const [key, value] of Object.entries(await Promise.resolve().then(read).catch(() => ({})))) this.set({ [label]: key }, value)
      } })
    },
    counts(name, help, label, read) {
      new Counter({ name, help, labelNames: [label], registers: [registry], collect() {
        this.reset()
        for (const [key, value] of Object.entries(read())) this.inc({ [label]: key }, value)
      } })
    },
    async text() {
      // The standard ones (event loop, memory, processor, garbage collection) are only kept where somebody looks.
      if (!asked) collectDefaultMetrics({ register: registry })
      asked = true
      return { type: registry.contentType, body: await registry.metrics() }
    },
    take() {
      const taken = stretch
      stretch = nothingYet()
      return taken
    },
    loopLag: () => lag.take(),
    close() { lag.stop(); registry.clear() },
  }
}

function loopWatch() {
  let histogram: ReturnType<typeof monitorEventLoopDelay> | undefined
  return {
    /** Begins to watch with the first call: most processes (commands, tests) never ask. */
    take(): number {
      if (!histogram) { histogram = monitorEventLoopDelay({ resolution: 20 }); histogram.enable(); return 0 }
      const seconds = Number.isFinite(histogram.mean) ? histogram.percentile(99) / 1e9 : 0
      histogram.reset()
      return seconds
    },
    stop() { histogram?.disable() },
  }
}
