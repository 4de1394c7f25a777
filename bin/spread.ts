// Prints what a distributed PostgreSQL (Citus) has to be told to spread Hearth's tables: node bin/spread.ts > spread.sql. See docs/scaling.md.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '../src/server/platform/db/embedded.ts'
import { openDatabase } from '../src/server/platform/db/index.ts'
import { migrate } from '../src/server/platform/db/migrate.ts'
import { spreading, uniqueNoMore } from './spread-tables.ts'

const folder = await mkdtemp(join(tmpdir(), 'hearth-spread-'))
const embedded = await startEmbedded(folder)
try {
  const database = openDatabase(embedded.connection)
  await migrate(database, 'migrations')
  const client = await database.pool.connect()
  const { fit, spread, lost } = await spreading(client)
  client.release()
  await database.close()
  const why = lost.map((one) => `--   ${one}: ${uniqueNoMore[one] ?? uniqueNoMore[one.split('.')[1] ?? ''] ?? ''}`)
  process.stdout.write(['-- What every unique index and every reference must be like before tables are spread', ...fit, '', '-- No longer unique among all rows:', ...why, '', '-- Where the rows go', ...spread, ''].join('\n'))
} finally {
  await embedded.stop()
  await rm(folder, { recursive: true, force: true })
}
