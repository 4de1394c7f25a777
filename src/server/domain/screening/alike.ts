import type { App } from '#server/app.ts'
import { selectAlikeNewcomers } from './queries-facts.ts'

/** How many accounts that are younger than `born` said nearly the same since a moment: the largest such group. */
export const alikeNewcomers = (app: App, since: Date, born: Date): Promise<number> => selectAlikeNewcomers(app.database.queries, since, born)
