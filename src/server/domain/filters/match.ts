import type { App } from '#server/app.ts'
import type { AccountId } from '#server/domain/accounts/index.ts'
import { fold } from '#server/platform/text/fold.ts'
import { selectFiltering, selectFilters } from './queries.ts'
import { viewOf } from './see.ts'
import type { FilterMatch, FilterView } from './types.ts'

/** Finds the filters that a post meets, by its text and its ids (a boost's and the boosted post's). */
export type Matcher = (text: string, postIds: string[]) => FilterMatch[]

type Compiled = { filter: FilterView; ends: number; patterns: { keyword: string; pattern: RegExp }[]; posts: Set<string> }
type Kept = Map<AccountId, { at: number; compiled: Promise<Compiled[]> }>
const most = 2000
const longest = 60_000
const none: Matcher = () => []

/** The member's filters, ready to be asked. Accents and Arabic spellings don't matter. Nobody signed in: nothing is filtered. */
export async function matcherOf(app: App, viewerId: AccountId | null): Promise<Matcher> {
  if (viewerId === null) return none
  const now = app.now().getTime()
  const compiled = (await keptFor(app, viewerId, now)).filter((one) => one.ends > now)
  for (const one of compiled) app.changes.holdsUntil(one.ends)
  if (compiled.length === 0) return none
  return (text, postIds) => {
    const folded = fold(text)
    return compiled.flatMap(({ filter, patterns, posts }): FilterMatch[] => {
      const keywordMatches = patterns.filter(({ pattern }) => pattern.test(folded)).map(({ keyword }) => keyword)
      const statusMatches = postIds.filter((id) => posts.has(id))
      if (keywordMatches.length === 0 && statusMatches.length === 0) return []
      return [{ filterId: filter.id, title: filter.title, contexts: filter.contexts, action: filter.action, expiresAt: filter.expiresAt, keywordMatches, statusMatches }]
    })
  }
}

/** Who of these filters anything: the others need no asking one by one. */
export const whoFilters = async (app: App, accountIds: string[]): Promise<Set<string>> => new Set(accountIds.length ? await selectFiltering(app.database.queries, accountIds) : [])

/** Reads the member's filters again at the next asking. Other processes hear it from the bus. */
export function forgetMatcher(app: App, accountId: AccountId): void {
  keptMatchers(app).delete(accountId)
  app.changes.tell([`v${accountId}`])
}

function keptFor(app: App, viewerId: AccountId, now: number): Promise<Compiled[]> {
  const kept = keptMatchers(app)
  const known = kept.get(viewerId)
  if (known && now - known.at < longest) return known.compiled
  if (kept.size >= most) kept.delete(kept.keys().next().value ?? '')
  const entry = { at: now, compiled: app.database.fresh(() => selectFilters(app.database.queries, viewerId)).then((rows) => rows.map((row) => compile(viewOf(row)))) }
  entry.compiled.catch(() => { if (kept.get(viewerId) === entry) kept.delete(viewerId) })
  kept.set(viewerId, entry)
  return entry.compiled
}

function keptMatchers(app: App): Kept {
  const known = app.caches.get('filters') as Kept | undefined
  if (known) return known
  const kept: Kept = new Map()
  app.caches.set('filters', kept)
  app.bus.subscribe((signal) => {
    if (signal.type === 'filters.changed') { kept.delete(signal.accountId); app.changes.tell([`v${signal.accountId}`]) }
    else if (signal.type === 'missed') { kept.clear(); app.changes.tell(['g']) }
  })
  return kept
}

const compile = (filter: FilterView): Compiled => ({
  filter, ends: filter.expiresAt ? Date.parse(filter.expiresAt) : Infinity,
  patterns: filter.keywords.map(({ keyword, wholeWord }) => ({ keyword, pattern: patternOf(keyword, wholeWord) })),
  posts: new Set(filter.posts.map((post) => post.postId)),
})

function patternOf(keyword: string, wholeWord: boolean): RegExp {
  const words = fold(keyword).split(/\s+/).map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('\\s+')
  return new RegExp(wholeWord ? `(?<![\\p{L}\\p{M}\\p{N}_])${words}(?![\\p{L}\\p{M}\\p{N}_])` : words, 'u')
}
