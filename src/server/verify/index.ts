import type { App } from '#server/app.ts'
import { storedName } from '#server/domain/media/index.ts'
import { mostOfEach, selectDifferences, selectMediaFiles } from './queries.ts'
import type { Checked, Difference } from './queries.ts'

export type { Checked, Difference }
export type Verdict = { checked: Checked[]; differences: Difference[] }

/** An upload writes its file before its row: what is younger than this may still get one. */
const settled = 3_600_000

/** Compares counters, threads, polls, trends, jobs and files with the rows they come from. Changes nothing. */
export async function verifyCommunity(app: App, onCheck: (done: number, total: number) => void = () => {}): Promise<Verdict> {
  const { checked, differences } = await selectDifferences(app.database.queries, onCheck)
  const media = await selectMediaFiles(app.database.queries)
  const missing: Difference[] = []
  for (const { id, key, files } of media) {
    for (const file of files) {
      if (missing.length < mostOfEach && !(await app.files.stat(storedName(key, file)))) missing.push({ what: 'media files', id, expected: storedName(key, file), found: 'no such file' })
    }
  }
  const { seen, orphans } = await findOrphans(app, new Set(media.map(({ key }) => key)))
  return {
    checked: [...checked, { name: 'media files', rows: media.reduce((sum, { files }) => sum + files.length, 0) }, { name: 'files without a row', rows: seen }],
    differences: [...differences, ...missing, ...orphans],
  }
}

async function findOrphans(app: App, known: Set<string>): Promise<{ seen: number; orphans: Difference[] }> {
  const orphans: Difference[] = []
  let seen = 0
  for await (const name of app.files.list()) {
    seen++
    if (known.has(name.split('/')[1] ?? '') || orphans.length >= mostOfEach) continue
    const found = await app.files.stat(name)
    if (found && found.modified.getTime() < app.now().getTime() - settled) orphans.push({ what: 'files without a row', id: name, expected: 'no file', found: `${found.bytes} bytes` })
  }
  return { seen, orphans }
}
