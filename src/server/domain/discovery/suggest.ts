import type { App } from '#server/app.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { insertSuggestionDismissal, selectActive, selectByTags, selectFriendsOfFriends, selectNewcomers } from './queries.ts'
import type { Suggestion } from './types.ts'

const day = 86_400_000

/** Whom the member may like to follow, and why: friends of friends, shared tags, active people, newcomers, in turn. */
export async function suggestions(app: App, viewer: Account, limit = 5): Promise<Suggestion[]> {
  const on = app.database.queries
  const now = app.now().getTime()
  const [friends, tagged, active, newcomers] = await Promise.all([
    selectFriendsOfFriends(on, viewer.id, limit), selectByTags(on, viewer.id, limit),
    selectActive(on, viewer.id, new Date(now - 14 * day), limit), selectNewcomers(on, viewer.id, new Date(now - 30 * day), limit),
  ])
  const views = await accountViews(app, [...friends.flatMap((row) => [row.id, ...row.by]), ...tagged.map((row) => row.id), ...active, ...newcomers])
  const made: Suggestion[] = []
  const add = (id: string | undefined, reason: Suggestion['reason']) => {
    const account = id ? views.get(id) : undefined
    if (account && made.length < limit && !made.some((one) => one.account.id === account.id)) made.push({ account, reason })
  }
  for (let at = 0; at < limit && made.length < limit; at++) {
    const friend = friends[at]
    if (friend) add(friend.id, { kind: 'friends', by: friend.by.flatMap((id) => views.get(id) ?? []), count: friend.count })
    const shared = tagged[at]
    if (shared) add(shared.id, { kind: 'tags', tags: shared.tags })
    add(newcomers[at], { kind: 'newcomer' })
    add(active[at], { kind: 'active' })
  }
  return made
}

/** This one isn't suggested again; twice is fine. */
export const dismissSuggestion = (app: App, viewer: Account, id: string) => insertSuggestionDismissal(app.database.queries, viewer.id, id)
