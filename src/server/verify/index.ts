import type { App } from '#server/app.ts'
import { verifyFiles } from './files.ts'
import { selectDifferences } from './queries.ts'
import type { Checked, Difference } from './queries.ts'

export type { Checked, Difference }
export { rebuild, rebuilds } from './rebuild.ts'
export type { Rebuild } from './rebuild.ts'
export type Verdict = { checked: Checked[]; differences: Difference[] }

/** Compares counters, threads, polls, trends, jobs and files with the rows they come from; with `deep`, reads every text and file. Changes nothing. */
export async function verifyCommunity(app: App, onCheck: (done: number, total: number) => void = () => {}, deep = false): Promise<Verdict> {
  const rows = await selectDifferences(app.database.queries, onCheck, deep)
  const files = await verifyFiles(app, deep, onCheck)
  return { checked: [...rows.checked, ...files.checked], differences: [...rows.differences, ...files.differences] }
}
