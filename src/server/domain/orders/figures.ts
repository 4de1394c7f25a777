import type { App } from '#server/app.ts'
import { selectFigures } from './queries.ts'
import type { OrderFigures } from './types.ts'

/** Orders received from `from` until before `to`, without tests, by the authority's country and kind; what came of them and how fast. Nothing in it names anybody. */
export const orderFigures = (app: App, from: Date, to: Date): Promise<OrderFigures[]> => selectFigures(app.database.queries, from, to)
