import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { selectFilters } from './queries.ts'
import type { FilterRow } from './queries.ts'
import type { FilterId, FilterView } from './types.ts'

/** The member's filters, oldest first; those that are over too. */
export async function filtersOf(app: App, viewer: Account): Promise<FilterView[]> {
  return (await selectFilters(app.database.queries, viewer.id)).map(viewOf)
}

/** One own filter. */
export async function seeFilter(app: App, viewer: Account, id: FilterId): Promise<FilterView> {
  const [row] = isId(id) ? await selectFilters(app.database.queries, viewer.id, id) : []
  if (!row) throw notFound()
  return viewOf(row)
}

export const viewOf = ({ id, title, contexts, action, expires_at, keywords, posts }: FilterRow): FilterView => ({ id, title, contexts, action, expiresAt: expires_at?.toISOString() ?? null, keywords, posts })
