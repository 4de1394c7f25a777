import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { App } from '#server/app.ts'
import { selectAuditCount, selectAuditHead } from './queries-audit.ts'

export type AuditHead = { at: string; rows: number; id: string; hash: string }
const fileOf = (app: { config: { dataFolder: string } }) => join(app.config.dataFolder, 'record', 'heads.jsonl')

/** Where the record ends now; null while nothing was written. */
export async function auditHead(app: App): Promise<AuditHead | null> {
  const last = await selectAuditHead(app.database.queries)
  return last ? { at: app.now().toISOString(), rows: await selectAuditCount(app.database.queries), id: last.id, hash: last.hash.toString('hex') } : null
}

/** Job, once a day: where the record ends goes to the log and to a file beside the database. Whoever cuts rows off, or writes the record anew, has to change those as well. */
export async function noteAuditHead(app: App): Promise<void> {
  const head = await auditHead(app)
  if (!head || (await notedHeads(app)).at(-1)?.hash === head.hash) return
  app.log.info('the record’s head', head)
  await mkdir(dirname(fileOf(app)), { recursive: true, mode: 0o700 })
  await appendFile(fileOf(app), `${JSON.stringify(head)}\n`, { mode: 0o600 })
}

/** Every head that was noted in the data folder, oldest first. A line that was cut short by a crash counts for nothing. */
export async function notedHeads(app: { config: { dataFolder: string } }): Promise<AuditHead[]> {
  const text = await readFile(fileOf(app), 'utf8').catch((error: { code?: string }) => { if (error.code === 'ENOENT') return ''; throw error })
  return text.split('\n').flatMap((line) => {
    try {
      const head = JSON.parse(line) as Partial<AuditHead>
      return typeof head.hash === 'string' && typeof head.id === 'string' ? [{ at: String(head.at), rows: Number(head.rows), id: head.id, hash: head.hash }] : []
    } catch {
      return []
    }
  })
}
