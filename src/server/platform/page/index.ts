import { isId } from '../ids/index.ts'

/** One page of a list, newest first. Cursors are ids: pass `older` as `before`, `newer` as `after`; null where there is nothing more. */
export type Page<Item> = { items: Item[]; older: string | null; newer: string | null }
export type PageAsk = { before?: string; after?: string; limit?: number }

/** An ask whose parts are sure to be good: bad cursors count as none, the limit is 1–80. */
export type CleanAsk = { before: string | null; after: string | null; limit: number }

export function cleanAsk(ask: PageAsk = {}, usual = 20): CleanAsk {
  const before = isId(ask.before) ? ask.before : null
  const after = before === null && isId(ask.after) ? ask.after : null
  const limit = Number.isFinite(ask.limit) ? Math.min(80, Math.max(1, Math.floor(ask.limit!))) : usual
  return { before, after, limit }
}

/**
 * Cuts a page out of rows that were asked for with one more than the limit: oldest first when the ask
 * has `after`, newest first otherwise. `idOf` gives the cursor of a row.
 */
export function cutPage<Row>(rows: Row[], ask: CleanAsk, idOf: (row: Row) => string): Page<Row> {
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
  }
}
