import type { App } from '#server/app.ts'
import { selectFigures } from './queries.ts'
import type { OrderFigures } from './types.ts'

/** Orders received from `from` until before `to`, without tests: all, and by the authority's country and kind; what came of them and how fast. Nothing in it names anybody. */
export async function orderFigures(app: App, from: Date, to: Date): Promise<OrderFigures> {
  const rows = await selectFigures(app.database.queries, from, to)
  const { country: _country, kind: _kind, ...all } = rows.find((row) => row.country === null)!
  return { all, groups: rows.flatMap(({ country, kind, ...row }) => country === null || kind === null ? [] : [{ country, kind, ...row }]) }
}
