import { compareIds, isId } from '../ids/index.ts'

/** One page of a list, newest first. Cursors are ids: pass `older` as `before`, `newer` as `after`; null where there is nothing more. */
export type Page<Item> = {
  items: Item[]; older: string | null; newer: string | null
  /** cursor of the first row, shown or not; null or missing where the page is empty */
  first?: string | null
}
/** `after`: the page directly above an id · `since`: the newest page, as far as it is above an id */
export type PageAsk = { before?: string; after?: string; since?: string; limit?: number }

/** An ask whose parts are sure to be good: bad cursors count as none, the limit is 1–80. */
export type CleanAsk = { before: string | null; after: string | null; since?: string | null; limit: number }

export function cleanAsk(ask: PageAsk = {}, usual = 20): CleanAsk {
  const before = isId(ask.before) ? ask.before : null
  const after = before === null && isId(ask.after) ? ask.after : null
  const limit = Number.isFinite(ask.limit) ? Math.min(80, Math.max(1, Math.floor(ask.limit!))) : usual
  return { before, after, since: after === null && isId(ask.since) ? ask.since : null, limit }
}

/**
 * Cuts a page out of rows that were asked for with one more than the limit: oldest first when the ask
 * has `after`, newest first otherwise. `idOf` gives the cursor of a row.
 */
export function cutPage<Row>(found: Row[], ask: CleanAsk, idOf: (row: Row) => string): Page<Row> {
  const { since } = ask
  // The newest page above an id is the newest page without what is not above it.
  const rows = since ? found.filter((row) => compareIds(idOf(row), since) > 0) : found
  const more = rows.length > ask.limit
  const items = rows.slice(0, ask.limit)
  if (ask.after) items.reverse()
  const first = items[0]
  const last = items.at(-1)
  if (first === undefined || last === undefined) return { items, older: ask.after, newer: ask.before }
  return {
    items,
    older: ask.after || more ? idOf(last) : null,
    newer: ask.before || (ask.after && more) ? idOf(first) : null,
    first: idOf(first),
  }
}
