import { exportLog } from '#server/domain/moderation/index.ts'
import { csvLine } from '#server/platform/text/csv.ts'
import { streamed } from '../../../streamed.server.ts'
import { staffOf } from '../../staff.server.ts'
import { logAskOf } from '../ask.server.ts'
import type { RequestHandler } from './$types.ts'

const columns = ['id', 'createdAt', 'actorKind', 'actorId', 'act', 'subjectKind', 'subjectId', 'details', 'previousHash', 'hash'] as const

/** The record as a file: `?as=csv` (RFC 4180) or JSON lines, with the filters of the page. Streamed, however long it is. */
export const GET: RequestHandler = async ({ locals, url }) => {
  const viewer = staffOf(locals, url, 'admin')
  await locals.app.limits.use({ name: 'recordExport', most: 30, seconds: 3600 }, viewer.id)
  const csv = url.searchParams.get('as') === 'csv'
  const pages = await exportLog(locals.app, viewer, logAskOf(url))
  async function* lines() {
    if (csv) yield csvLine([...columns])
    for await (const page of pages) yield page.map((row) => csv ? csvLine(columns.map((name) => name === 'details' ? JSON.stringify(row.details) : row[name] ?? '')) : `${JSON.stringify(row)}\n`).join('')
  }
  return streamed(lines(), csv ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8', `record-${locals.app.now().toISOString().slice(0, 10)}.${csv ? 'csv' : 'jsonl'}`)
}
