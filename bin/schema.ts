// Writes src/server/platform/db/schema.ts (the types of the tables) from the migrations.
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '../src/server/platform/db/embedded.ts'
import { openDatabase } from '../src/server/platform/db/index.ts'
import { migrate } from '../src/server/platform/db/migrate.ts'

const folder = await mkdtemp(join(tmpdir(), 'hearth-schema-'))
const embedded = await startEmbedded(folder)
try {
  const database = openDatabase(embedded.connection)
  await migrate(database, 'migrations')
  await database.close()
  const url = `postgres://hearth@localhost:5432/hearth?host=${encodeURIComponent(embedded.connection.host)}`
  execFileSync('node_modules/.bin/kysely-codegen', ['--dialect', 'postgres', '--url', url, '--out-file', process.argv[2] ?? 'src/server/platform/db/schema.ts', '--numeric-parser', 'number'], { stdio: 'inherit' })
} finally {
  await embedded.stop()
  await rm(folder, { recursive: true, force: true })
}
