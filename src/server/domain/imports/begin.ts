import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { isNewcomer } from '#server/domain/trust/index.ts'
import { conflict, invalid, invalidForm } from '#server/platform/errors.ts'
import { countOpen, deleteOldImports, insertImport, selectImports, selectMissed } from './queries.ts'
import { readRows } from './read.ts'
import { importKinds } from './types.ts'
import type { ImportId, ImportView } from './types.ts'

const mostOpen = 3
const mostShown = 100
const keptDays = 30

/**
 * Takes a list in Mastodon's CSV and works it through in a job; what is there stays, lines are added. At most 1 MB and 20,000 lines,
 * three imports at a time. Who is new here does nothing in bulk. Problems name `kind`, `file`.
 */
export async function beginImport(app: App, viewer: Account, kind: string, content: AsyncIterable<Uint8Array>): Promise<ImportId> {
  const known = importKinds.find((one) => one === kind)
  if (!known) throw invalidForm([{ field: 'kind', message: 'error.choose' }])
  if (viewer.state !== 'active' || await isNewcomer(app, viewer)) throw invalid('newBulk')
  await app.limits.use({ name: 'imports', most: 20, seconds: 86_400 }, viewer.id)
  const rows = await readRows(known, content)
  const id: ImportId = app.newId()
  await app.database.inTransaction(async (tx) => {
    if (await countOpen(tx, viewer.id) >= mostOpen) throw conflict('importsRunning', { most: mostOpen })
    await insertImport(tx, { id, accountId: viewer.id, kind: known, rows, at: app.now() })
    await app.jobs.add(tx, 'runImport', { id }, { key: `import:${id}` })
  })
  return id
}

/** The member's imports of the last thirty days, newest first, with what wasn't found. */
export async function importsOf(app: App, viewer: Account): Promise<ImportView[]> {
  const rows = await selectImports(app.database.queries, viewer.id)
  const missed = Map.groupBy(await selectMissed(app.database.queries, rows.map((row) => row.id), mostShown), (one) => one.import_id)
  return rows.map((row) => ({
    id: row.id, kind: row.kind, rows: row.rows, done: row.done, found: row.found, createdAt: row.created_at.toISOString(), finishedAt: row.finished_at?.toISOString() ?? null,
    missed: (missed.get(row.id) ?? []).map((one) => ({ line: one.cells.join(', '), why: one.problem })), missedCount: missed.get(row.id)?.[0]?.all ?? 0,
  }))
}

/** Job: old reports go. */
export async function forgetOldImports(app: App): Promise<void> {
  await deleteOldImports(app.database.queries, new Date(app.now().getTime() - keptDays * 86_400_000))
}
