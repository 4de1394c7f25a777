import type { App } from '#server/app.ts'
import { selectDifferences, selectFiles } from './queries.ts'
import type { Difference } from './queries.ts'

export type { Difference }

/** Compares counters, threads, polls, files and jobs with the rows they come from. Changes nothing. */
export async function verifyCommunity(app: App, onCheck: (done: number, total: number) => void = () => {}): Promise<{ checked: string[]; differences: Difference[] }> {
  const { names, differences } = await selectDifferences(app.database.queries, onCheck)
  const missing: Difference[] = []
  for (const { id, name } of await selectFiles(app.database.queries)) {
    if (missing.length < 100 && !(await app.files.stat(name))) missing.push({ what: 'media files', id, expected: name, found: 'no such file' })
  }
  return { checked: [...names, 'media files'], differences: [...differences, ...missing] }
}
