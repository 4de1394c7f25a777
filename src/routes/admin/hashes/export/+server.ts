import { Readable } from 'node:stream'
import { exportHashes } from '#server/domain/hashes/index.ts'
import { orErrorPage } from '../../../forms.server.ts'
import { staffOf } from '../../staff.server.ts'
import type { RequestHandler } from './$types.ts'

const types: Record<string, string> = { csv: 'text/csv', 'tx-csv': 'text/csv', jsonl: 'application/x-ndjson', lines: 'text/plain' }

/** The community's own lists as a file, line by line; nothing of others. */
export const GET: RequestHandler = async ({ locals, url }) => {
  const viewer = staffOf(locals, url, 'admin')
  const format = url.searchParams.get('format') ?? 'csv'
  const lines = await orErrorPage(() => exportHashes(locals.app, viewer, { format }))
  const body = Readable.toWeb(Readable.from(lines, { objectMode: false })) as ReadableStream<Uint8Array>
  return new Response(body, { headers: { 'content-type': `${types[format] ?? 'text/plain'}; charset=utf-8`, 'content-disposition': `attachment; filename="never-again.${format === 'lines' ? 'txt' : format.replace('tx-', '')}"`, 'cache-control': 'no-store' } })
}
