import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { demandStaff } from '#server/domain/cases/index.ts'
import { matchesOf } from '#server/domain/hashes/index.ts'
import { moderatorPostViews } from '#server/domain/posts/index.ts'
import type { PostView } from '#server/domain/posts/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { evaluate } from './evaluate.ts'
import { idAt, textSignals } from './gather.ts'
import { kitOf } from './kit.ts'
import type { Kit } from './kit.ts'
import { alike, linkBand, signatureOf } from './likeness.ts'
import { linksIn } from './links.ts'
import { selectChains, selectStoredSince } from './queries-facts.ts'
import type { StoredRow } from './queries-facts.ts'
import { insertRun, selectAuthors, selectLastRun, selectRun, selectThen, selectWordsOfPosts, updateRun } from './queries-runs.ts'
import type { RunRow, RunSample } from './queries-runs.ts'
import { readDefinition } from './rule.ts'
import { trustThen } from './trust.ts'
import type { Reason, Rule, Signals } from './types.ts'

const day = 86_400_000
const page = 200
/** Then another job goes on, so that a server that stops never waits long for this one. */
const pagesAtOnce = 20
const mostSamples = 100

export type DryRun = { id: string; ruleId: string | null; name: string; state: RunRow['state']; days: number; done: number; total: number; found: number; startedAt: string; endedAt: string | null; posts: { post: PostView; reasons: Reason[] }[] }

/** Tries a rule, as it stands or as it might, on the posts of the last `days`, in a job. Nothing is done to any of them. Problems name `definition`. */
export async function tryRule(app: App, moderator: Account, given: { ruleId: string | null; name: string; definition: unknown; days?: number }): Promise<string> {
  demandStaff(moderator)
  const definition = readDefinition(given.definition)
  const id = app.newId<'run'>()
  const since = new Date(app.now().getTime() - Math.min(90, Math.max(1, given.days ?? 30)) * day)
  await app.database.inTransaction(async (tx) => {
    await insertRun(tx, { id, ruleId: isId(given.ruleId) ? given.ruleId : null, name: given.name.slice(0, 100), definition, since, cursor: idAt(since.getTime()), byId: moderator.id, at: app.now() })
    await app.jobs.add(tx, 'tryRule', { runId: id }, { key: `try:${id}`, maxAttempts: 5, priority: 5 })
  })
  return id
}

/** How far a try is, and what it would have stopped, newest first. Throws notFound. */
export async function seeRun(app: App, moderator: Account, id: string): Promise<DryRun> {
  demandStaff(moderator)
  const row = isId(id) ? await selectRun(app.database.queries, id) : undefined
  if (!row) throw notFound()
  return present(app, moderator, row)
}

/** The newest try of a rule; null when it was never tried. */
export async function lastRun(app: App, moderator: Account, ruleId: string): Promise<DryRun | null> {
  demandStaff(moderator)
  const row = isId(ruleId) ? await selectLastRun(app.database.queries, ruleId) : undefined
  return row ? present(app, moderator, row) : null
}

async function present(app: App, moderator: Account, row: RunRow): Promise<DryRun> {
  const sample = row.sample.toReversed().slice(0, 30)
  const posts = new Map((await moderatorPostViews(app, moderator, sample.map((one) => one.postId))).map((post) => [post.id as string, post]))
  return {
    id: row.id, ruleId: row.rule_id, name: row.name, state: row.state, days: Math.round((row.started_at.getTime() - row.since.getTime()) / day), done: row.done, total: row.total, found: row.found,
    startedAt: row.started_at.toISOString(), endedAt: row.ended_at?.toISOString() ?? null,
    posts: sample.flatMap(({ postId, reasons }) => { const post = posts.get(postId); return post ? [{ post, reasons }] : [] }),
  }
}

/** Job: some pages of a try; goes on where it was after a stop. */
export async function tryRulePart(app: App, runId: string): Promise<void> {
  const row = isId(runId) ? await selectRun(app.database.queries, runId) : undefined
  if (!row || row.state === 'done' || row.state === 'failed') return
  const kit = await kitOf(app)
  const rule: Rule = { id: row.id as Rule['id'], key: null, position: 0, name: row.name, note: '', state: 'on', version: 1, definition: row.definition }
  const now = { state: 'running' as RunRow['state'], cursor: row.cursor, done: row.done, found: row.found, sample: row.sample, endedAt: null as Date | null }
  const known = likenesses()
  // Texts of the day before a part begins are read once more, so that what repeats across parts is seen.
  if (row.done > 0) await warm(app, known, row.cursor)
  for (let pages = 0; pages < pagesAtOnce; pages++) {
    const posts = await selectStoredSince(app.database.queries, now.cursor, page)
    for (const { post, signals } of await asThey(app, kit, known, posts)) {
      const verdict = evaluate([rule], signals)
      const fired = verdict.fired[0]
      if (!fired) continue
      now.found++
      // What only followers read is counted; nobody browses it for a try.
      if (post.audience !== 'public' && post.audience !== 'members') continue
      now.sample = [...now.sample, { postId: post.id, reasons: fired.reasons } satisfies RunSample].slice(-mostSamples)
    }
    now.cursor = posts.at(-1)?.id ?? now.cursor
    now.done += posts.length
    if (posts.length < page) return updateRun(app.database.queries, row.id, { ...now, state: 'done', endedAt: app.now() })
    await updateRun(app.database.queries, row.id, now)
  }
  await app.jobs.add(app.database.queries, 'tryRule', { runId }, { key: `try:${runId}`, maxAttempts: 5, priority: 5 })
}

type Known = { at: number; accountId: string; numbers: Uint32Array | null }
type Likenesses = Map<number, Known[]>
const likenesses = (): Likenesses => new Map()

/** Signals of stored posts as they were when they were written: ages, counts and likenesses of that moment. */
async function asThey(app: App, kit: Kit, known: Likenesses, posts: StoredRow[]): Promise<{ post: StoredRow; signals: Signals }[]> {
  const on = app.database.queries
  const ids = posts.map((post) => post.id)
  const [authors, then, words, matches] = await Promise.all([selectAuthors(on, [...new Set(posts.map((post) => post.author_id))]), selectThen(on, ids), selectWordsOfPosts(on, ids), matchesOf(app, posts.flatMap((post) => post.media_ids))])
  const by = new Map(authors.map((author) => [author.id, author]))
  const read = posts.map((post) => ({ post, text: [post.warning, post.text, ...post.options, words.get(post.id) ?? ''].filter(Boolean).join('\n') })).map((one) => ({ ...one, links: linksIn(one.text) }))
  const chains = await selectChains(on, [...new Set(read.flatMap((one) => one.links.map((link) => link.url)))])
  const found = []
  for (const { post, text, links } of read) {
    const author = by.get(post.author_id)
    const { pace = 0, approved = 0, upheld = 0 } = then.get(post.id) ?? {}
    const age = author ? Math.max(0, post.created_at.getTime() - author.created_at.getTime()) / 3_600_000 : 0
    const subject = post.edited ? 'edit' as const : 'post' as const
    const same = likeBefore(known, post, text, links.map((link) => link.url))
    found.push({ post, signals: {
      // An edited post counts as what it began as.
      ...textSignals(kit, { subject, text, language: post.language, mentions: post.mentions, mediaIds: post.media_ids }, links, chains), subject: 'post' as const, age, approved, upheld, pace, branch: 0, ...same,
      trust: author ? trustThen({ role: author.role, ageHours: age, approved, upheld }) : 0,
      hashes: post.media_ids.flatMap((id) => matches.get(id) ?? []).map((one) => ({ matchId: one.id, mediaId: one.mediaId, list: one.list.name, category: one.list.category, action: one.action, distance: one.distance, severity: one.severity })),
      scores: post.scores ?? {},
    } satisfies Signals })
  }
  return found
}

/** How often the same was said in the day before; remembers this one. Bounded like the look-up of the living. */
function likeBefore(known: Likenesses, post: StoredRow, text: string, urls: string[]): { repeats: number; duplicates: number } {
  const signature = signatureOf(text)
  const one: Known = { at: post.created_at.getTime(), accountId: post.author_id, numbers: signature?.numbers ?? null }
  const near = new Map<Known, boolean>()
  for (const band of [...signature?.bands ?? [], ...urls.slice(0, 8).map(linkBand)]) {
    const byLink = urls.length > 0 && band >= linkBandsFrom
    const line = (known.get(band) ?? []).filter((other) => other.at > one.at - day).slice(-25)
    for (const other of line) near.set(other, (near.get(other) ?? false) || byLink)
    known.set(band, [...line, one])
  }
  const same = [...near].map(([other, byLink]) => ({ other, byLink, alike: one.numbers !== null && other.numbers !== null && alike(one.numbers, other.numbers) }))
  return {
    repeats: same.filter(({ other, alike: is, byLink }) => other.accountId === one.accountId && (is || byLink)).length,
    duplicates: new Set(same.filter(({ other, alike: is }) => is && other.accountId !== one.accountId).map(({ other }) => other.accountId)).size,
  }
}
const linkBandsFrom = linkBand('') - (linkBand('') % 2 ** 32)

async function warm(app: App, known: Likenesses, cursor: string): Promise<void> {
  let after = idAt(Number(BigInt(cursor) >> 16n) - day)
  for (let pages = 0; pages < 50; pages++) {
    const posts = (await selectStoredSince(app.database.queries, after, page)).filter((post) => BigInt(post.id) <= BigInt(cursor))
    for (const post of posts) likeBefore(known, post, [post.warning, post.text].join('\n'), linksIn(post.text).map((link) => link.url))
    if (posts.length < page) return
    after = posts.at(-1)!.id
  }
}
