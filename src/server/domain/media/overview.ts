import type { App } from '#server/app.ts'
import type { Account, AccountView } from '#server/domain/accounts/index.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import { demandAdmin } from '#server/domain/instance/index.ts'
import { guessSize, recount, selectCounted, selectMemberTotals, selectNow, selectTotals } from './queries-overview.ts'
import type { Now, Part, Total } from './queries-overview.ts'
import type { MediaKind } from './types.ts'

export type MediaOverview = {
  /** null before anything was counted */
  countedAt: string | null
  /** bytes on the disk or in the bucket, each file once */
  stored: { files: number; bytes: number }
  /** what the same files of several people would have cost besides */
  saved: number
  kinds: { kind: MediaKind; bytes: number; files: number; parts: Record<Part, number> }[]
  /** the last two years at most, oldest first: bytes by kind of what came in that month */
  months: { month: string; bytes: number; kinds: Partial<Record<MediaKind, number>> }[]
  members: { account: AccountView; items: number; bytes: number }[]
  now: Now
}

const kinds: MediaKind[] = ['image', 'animation', 'video', 'audio']
/** As long as it is quick, counting is done while the page waits. */
const quick = 50_000
const freshMs = 10 * 60_000
const mostMembers = 20

/** Job: counts what is stored, for the page below. */
export async function countMedia(app: App): Promise<void> {
  await app.database.inTransaction((tx) => recount(tx, app.now(), mostMembers))
}

/** What is stored, by kind, age and member, and what is under way. For admins. `fresh` counts again, as far as that is quick; otherwise a job does it. */
export async function mediaOverview(app: App, actor: Account, fresh = false): Promise<MediaOverview> {
  demandAdmin(actor)
  const on = app.database.queries
  const before = await selectCounted(on)
  if (fresh || !before || app.now().getTime() - before.counted_at.getTime() > freshMs) {
    if (await guessSize(on) < quick) await countMedia(app)
    else await app.jobs.add(on, 'countMedia', {}, { key: 'countMedia', maxAttempts: 2 })
  }
  const [counted, totals, members, now] = await Promise.all([selectCounted(on), selectTotals(on), selectMemberTotals(on, mostMembers), selectNow(on)])
  const accounts = await accountViews(app, members.map((one) => one.account_id))
  const stored = { files: counted?.distinct_files ?? 0, bytes: counted?.distinct_bytes ?? 0 }
  return {
    countedAt: counted?.counted_at.toISOString() ?? null, stored, saved: Math.max(0, sum(totals) - stored.bytes),
    kinds: kinds.map((kind) => byKind(kind, totals.filter((one) => one.kind === kind))).filter((one) => one.files > 0),
    months: byMonth(totals, app.now()), now,
    members: members.flatMap(({ account_id, items, bytes }) => { const account = accounts.get(account_id); return account ? [{ account, items, bytes }] : [] }),
  }
}

const sum = (totals: Total[]) => totals.reduce((all, one) => all + one.bytes, 0)

function byKind(kind: MediaKind, totals: Total[]) {
  const part = (name: Part) => sum(totals.filter((one) => one.part === name))
  return { kind, bytes: sum(totals), files: totals.reduce((all, one) => all + one.files, 0), parts: { original: part('original'), still: part('still'), play: part('play'), other: part('other') } }
}

/** Months without anything stand in the row too, so that its steps are even. */
function byMonth(totals: Total[], now: Date): MediaOverview['months'] {
  const first = totals[0]?.month
  if (!first) return []
  const months: string[] = []
  for (let at = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)); months.length < 24 && at.toISOString().slice(0, 7) >= first; at = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - 1, 1))) months.unshift(at.toISOString().slice(0, 7))
  return months.map((month) => {
    const own = totals.filter((one) => one.month === month)
    return { month, bytes: sum(own), kinds: Object.fromEntries(kinds.map((kind) => [kind, sum(own.filter((one) => one.kind === kind))])) }
  })
}
