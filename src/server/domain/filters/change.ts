import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { invalidForm, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { forgetMatcher } from './match.ts'
import { countFilters, deleteFilter, deleteFilteredPost, deleteFilters, deleteKeywords, insertFilter, insertFilteredPost, insertKeywords, selectFilterOf, selectFilters, updateFilter, updateKeyword } from './queries.ts'
import type { FilterRow } from './queries.ts'
import { readKeyword, readParts } from './read.ts'
import { seeFilter } from './see.ts'
import type { FilterChange, FilterDraft, FilteredPost, FilterId, FilterKeyword, FilterView } from './types.ts'

const most = { filters: 300, parts: 1000 }
const changes = { name: 'filters', most: 300, seconds: 600 }

/** Makes a filter, with its keywords. Problems name `title`, `contexts`, `action` and `keyword`. */
export async function createFilter(app: App, viewer: Account, draft: FilterDraft): Promise<FilterView> {
  const { title = '', contexts = [], action = 'warn', expires_at = null } = readParts({ title: draft.title, contexts: draft.contexts, action: draft.action ?? 'warn', seconds: draft.seconds ?? null }, app.now())
  const keywords = (draft.keywords ?? []).map((one): FilterKeyword => ({ id: app.newId(), keyword: readKeyword(one.keyword), wholeWord: one.wholeWord ?? true }))
  const id: FilterId = app.newId()
  await change(app, viewer, async (tx) => {
    await demandRoom(tx, viewer, 1, keywords.length)
    await insertFilter(tx, viewer.id, id, { title, contexts, action, expires_at }, app.now())
    await insertKeywords(tx, id, keywords)
  })
  return seeFilter(app, viewer, id)
}

/** Changes what is given, all or nothing. A keyword of another filter is not found. */
export async function changeFilter(app: App, viewer: Account, id: FilterId, wish: FilterChange): Promise<FilterView> {
  const parts = readParts(wish, app.now())
  const wishes = (wish.keywords ?? []).map((one) => ({ ...one, keyword: one.keyword === undefined || one.remove ? undefined : readKeyword(one.keyword) }))
  await change(app, viewer, async (tx) => {
    const filter = await ownFilter(tx, viewer, id)
    const added = wishes.flatMap((one): FilterKeyword[] => (one.id === undefined && one.keyword !== undefined ? [{ id: app.newId(), keyword: one.keyword, wholeWord: one.wholeWord ?? true }] : []))
    await demandRoom(tx, viewer, 0, added.length)
    const known = new Map(filter.keywords.map((keyword) => [keyword.id, keyword]))
    for (const one of wishes) {
      if (one.id === undefined) continue
      const before = known.get(one.id)
      if (!before) throw notFound()
      if (!one.remove) await updateKeyword(tx, { id: before.id, keyword: one.keyword ?? before.keyword, wholeWord: one.wholeWord ?? before.wholeWord })
    }
    await deleteKeywords(tx, wishes.flatMap((one) => (one.remove && one.id !== undefined ? [one.id] : [])))
    await insertKeywords(tx, id, added)
    await updateFilter(tx, id, { title: filter.title, contexts: filter.contexts, action: filter.action, expires_at: filter.expires_at, ...parts }, app.now())
  })
  return seeFilter(app, viewer, id)
}

/** Takes a filter away, with all it looks for. */
export async function removeFilter(app: App, viewer: Account, id: FilterId): Promise<void> {
  if (!isId(id)) throw notFound()
  await change(app, viewer, async (tx) => { if (!await deleteFilter(tx, viewer.id, id)) throw notFound() })
}

/** Adds a word, phrase or #tag to an own filter. */
export async function addKeyword(app: App, viewer: Account, filterId: FilterId, wish: { keyword: string; wholeWord?: boolean }): Promise<FilterKeyword> {
  const row: FilterKeyword = { id: app.newId(), keyword: readKeyword(wish.keyword), wholeWord: wish.wholeWord ?? true }
  await change(app, viewer, async (tx) => {
    await ownFilter(tx, viewer, filterId)
    await demandRoom(tx, viewer, 0, 1)
    await insertKeywords(tx, filterId, [row])
  })
  return row
}

/** Changes a keyword of an own filter. */
export async function changeKeyword(app: App, viewer: Account, id: string, wish: { keyword?: string; wholeWord?: boolean }): Promise<FilterKeyword> {
  const filter = await filterOf(app, viewer, 'filter_keywords', id)
  await changeFilter(app, viewer, filter, { keywords: [{ ...wish, id }] })
  return (await seeFilter(app, viewer, filter)).keywords.find((one) => one.id === id)!
}

/** Takes a keyword out of an own filter; the filter stays. */
export async function removeKeyword(app: App, viewer: Account, id: string): Promise<void> {
  await changeFilter(app, viewer, await filterOf(app, viewer, 'filter_keywords', id), { keywords: [{ id, remove: true }] })
}

/** Puts one post into an own filter; twice is once. The caller has made sure that the viewer may see it. */
export async function addFilteredPost(app: App, viewer: Account, filterId: FilterId, postId: string): Promise<FilteredPost> {
  let id = app.newId<'filtered'>()
  await change(app, viewer, async (tx) => {
    await ownFilter(tx, viewer, filterId)
    await demandRoom(tx, viewer, 0, 1)
    id = await insertFilteredPost(tx, id, filterId, postId)
  })
  return { id, postId }
}

/** Takes a post out of an own filter; what was taken out is returned. */
export async function removeFilteredPost(app: App, viewer: Account, id: string): Promise<FilteredPost> {
  const filter = await seeFilter(app, viewer, await filterOf(app, viewer, 'filter_posts', id))
  await change(app, viewer, (tx) => deleteFilteredPost(tx, id))
  return filter.posts.find((one) => one.id === id)!
}

/** The filters of an account that left. */
export async function forgetFilters(app: App, accountId: string): Promise<void> {
  await app.database.inTransaction((tx) => deleteFilters(tx, accountId))
}

/** The own filter that a keyword, or a filtered post, belongs to. */
export async function filterOf(app: App, viewer: Account, table: 'filter_keywords' | 'filter_posts', id: string): Promise<FilterId> {
  const found = isId(id) ? await selectFilterOf(app.database.queries, viewer.id, table, id) : undefined
  if (!found) throw notFound()
  return found
}

async function change(app: App, viewer: Account, work: (tx: Tx) => Promise<void>): Promise<void> {
  await app.limits.use(changes, viewer.id)
  await app.database.inTransaction(async (tx) => {
    await work(tx)
    await app.bus.publish(tx, { type: 'filters.changed', accountId: viewer.id })
  })
  forgetMatcher(app, viewer.id)
}

async function ownFilter(tx: Tx, viewer: Account, id: FilterId): Promise<FilterRow> {
  const [filter] = isId(id) ? await selectFilters(tx, viewer.id, id) : []
  if (!filter) throw notFound()
  return filter
}

async function demandRoom(tx: Tx, viewer: Account, filters: number, parts: number): Promise<void> {
  const has = await countFilters(tx, viewer.id)
  if (has.filters + filters > most.filters || has.parts + parts > most.parts) throw invalidForm([{ field: 'keyword', message: 'error.tooManyFilters' }])
}
