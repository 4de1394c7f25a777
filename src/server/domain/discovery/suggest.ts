import type { App } from '#server/app.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { countFollowed, insertSuggestionDismissal, selectAcceptable, selectByTags, selectCandidates, selectFriendsOfFriends } from './queries.ts'
import { keptFor } from './kept.ts'
import type { Suggestion, SuggestionReason } from './types.ts'

const day = 86_400_000
/** Whoever follows fewer is shown who runs the place first. */
const fewFollowed = 5
const mostCandidates = 200

type Candidate = { id: string; reason: { kind: SuggestionReason['kind']; by?: string[]; count?: number; tags?: string[] } }

/** Whom the member may like to follow, and why: friends of friends, shared tags, newcomers, active people, in turn. */
export async function suggestions(app: App, viewer: Account, limit = 5): Promise<Suggestion[]> {
  const on = app.database.queries
  const now = app.now()
  const [friends, tagged, common, followed] = await Promise.all([
    selectFriendsOfFriends(on, viewer.id, now, limit), selectByTags(on, viewer.id, now, limit), candidates(app), countFollowed(on, viewer.id, fewFollowed),
  ])
  const fine = await selectAcceptable(on, viewer.id, now, [...new Set(common.map((one) => one.id))])
  const of = (kind: 'active' | 'newcomer' | 'staff'): Candidate[] => common.filter((one) => one.kind === kind && fine.has(one.id)).map(({ id }) => ({ id, reason: { kind } }))
  const lists: Candidate[][] = [
    friends.map(({ id, by, count }) => ({ id, reason: { kind: 'friends', by, count } })),
    tagged.map(({ id, tags }) => ({ id, reason: { kind: 'tags', tags } })),
    of('newcomer'), of('active'),
  ]
  const chosen = inTurn(followed < fewFollowed ? [of('staff'), ...lists] : lists, limit)
  const views = await accountViews(app, chosen.flatMap(({ id, reason }) => [id, ...reason.by ?? []]))
  return chosen.flatMap(({ id, reason: { kind, by = [], count = 0, tags = [] } }) => {
    const account = views.get(id)
    const reason: SuggestionReason = kind === 'friends' ? { kind, by: by.flatMap((one) => views.get(one) ?? []), count } : kind === 'tags' ? { kind, tags } : { kind }
    return account ? [{ account, reason }] : []
  })
}

/** Who came lately and wrote something, newest first: none that the viewer knows, blocked, muted or waved off. */
export async function newcomers(app: App, viewer: Account, limit = 6): Promise<Suggestion[]> {
  const ids = (await candidates(app)).filter((one) => one.kind === 'newcomer').map((one) => one.id)
  const fine = await selectAcceptable(app.database.queries, viewer.id, app.now(), ids)
  const chosen = ids.filter((id) => fine.has(id)).slice(0, limit)
  const views = await accountViews(app, chosen)
  return chosen.flatMap((id) => { const account = views.get(id); return account ? [{ account, reason: { kind: 'newcomer' } }] : [] })
}

/** The first of each list, then the second of each, …, nobody twice. */
function inTurn(lists: Candidate[][], limit: number): Candidate[] {
  const chosen = new Map<string, Candidate>()
  const rounds = Math.max(...lists.map((list) => list.length))
  for (let at = 0; at < rounds; at++) {
    for (const list of lists) {
      const one = list[at]
      if (one && chosen.size < limit && !chosen.has(one.id)) chosen.set(one.id, one)
    }
  }
  return [...chosen.values()]
}

/** The same for everybody; kept for five minutes. */
const candidates = (app: App) => keptFor(app, 'candidates', 300, () => {
  const now = app.now().getTime()
  return selectCandidates(app.database.queries, new Date(now - 14 * day), new Date(now - 30 * day), mostCandidates)
})

/** This one isn't suggested again; twice is fine. */
export async function dismissSuggestion(app: App, viewer: Account, id: string): Promise<void> {
  if (isId(id)) await insertSuggestionDismissal(app.database.queries, viewer.id, id)
}
