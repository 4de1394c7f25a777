import type { App } from '#server/app.ts'
import { readSettings, renderMarkdown } from '#server/domain/instance/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { count } from './count.ts'
import { publish } from './publish.ts'
import { selectFirst } from './queries.ts'
import type { Period } from './queries.ts'
import type { ReportSpan, Transparency } from './types.ts'

/** A month's last decisions may still be taken back as slips; what is read often is counted at most this often (ms). */
const keepFor = 3_600_000
const idAt = (at: Date) => String(BigInt(Math.max(0, at.getTime())) << 16n)
export const periodOf = (from: Date, to: Date): Period => ({ from, to, fromId: idAt(from), toId: idAt(to) })
const dayOf = (at: Date) => at.toISOString().slice(0, 10)

/**
 * What of a year may be told: all of it once it is over; of this year the months that are over. A figure that moved by the day would
 * say on which day something happened. Null: nothing yet.
 */
export function spanOfYear(year: number, now: Date): ReportSpan | null {
  const from = new Date(Date.UTC(year, 0, 1))
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1))
  const end = new Date(Math.min(Date.UTC(year + 1, 0, 1), month.getTime()))
  if (end <= from) return null
  return { year, from: dayOf(from), through: dayOf(new Date(end.getTime() - 1)), final: end.getUTCFullYear() > year }
}

/** The years that there is a report of, the newest first. */
export async function reportYears(app: App): Promise<ReportSpan[]> {
  const now = app.now()
  const first = await kept(app, 'first', () => selectFirst(app.database.queries), keepFor, (at) => at !== null)
  const spans: ReportSpan[] = []
  for (let year = now.getUTCFullYear(); first && year >= first.getUTCFullYear(); year--) {
    const span = spanOfYear(year, now)
    if (span && new Date(span.through) >= new Date(dayOf(first))) spans.push(span)
  }
  return spans
}

/** One year's report. Throws notFound where there is none. */
export async function transparencyReport(app: App, year: number): Promise<Transparency> {
  const span = (await reportYears(app)).find((one) => one.year === year)
  if (!span) throw notFound()
  const to = new Date(Date.parse(span.through) + 86_400_000)
  return kept(app, `${year} ${span.through}`, async () => ({ ...span, madeAt: app.now().toISOString(), ...publish(await count(app, periodOf(new Date(span.from), to))) }))
}

/** Is the page open, and what does whoever runs the community say on it (safe HTML)? */
export async function transparencyPage(app: App): Promise<{ open: boolean; words: string }> {
  const { transparency, transparencyWords } = await readSettings(app)
  return { open: transparency, words: transparencyWords ? renderMarkdown(transparencyWords) : '' }
}

type Kept = { at: number; value: Promise<unknown> }
/** From memory for so long (ms), however many ask at once. What `isGood` refuses is asked again. */
export async function kept<Value>(app: App, key: string, read: () => Promise<Value>, time = keepFor, isGood: (value: Value) => boolean = () => true): Promise<Value> {
  const now = app.now().getTime()
  const all = (app.caches.get('transparency') ?? new Map()) as Map<string, Kept>
  app.caches.set('transparency', all)
  const known = all.get(key)
  if (known && Math.abs(now - known.at) < time) return known.value as Promise<Value>
  const value = read()
  all.set(key, { at: now, value })
  const forget = () => { if (all.get(key)?.value === value) all.delete(key) }
  value.then((got) => { if (!isGood(got)) forget() }, forget)
  // What nobody asks for any more.
  for (const [old, one] of all) if (now - one.at > 24 * keepFor) all.delete(old)
  return value
}
