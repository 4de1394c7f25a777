// node bench/rescan.ts: what looking through everything that is stored costs when a list grows: 50,000 pictures with their eight turns
// against a million listed hashes, and against a hundred that were added. Makes a community of its own; random hashes.
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createList, importHashes, indexHashes } from '../src/server/domain/hashes/index.ts'
import { sweepHashes, sweepNow } from '../src/server/domain/hashes/sweep.ts'
import { sql } from '../src/server/platform/db/sql.ts'
import { withApp } from '../src/server/start/open.ts'
import { person } from '../tests/people.ts'
import { tell } from './result.ts'

const pictures = 50_000
const listed = 1_000_000
const known = 40
const folder = await mkdtemp(join(tmpdir(), 'hearth-bench-rescan-'))
const seconds = (since: number) => (performance.now() - since) / 1000

try {
  await withApp({ ...process.env, HEARTH_DATA: folder, HEARTH_LOG: 'warn' }, async (app) => {
    const on = app.database.queries
    const [mara, owner] = [await person(app, 'mara'), await person(app, 'olga', { role: 'owner' })]
    for (let from = 0; from < pictures; from += 5000) {
      const ids = Array.from({ length: 5000 }, () => app.newId<'media'>())
      await sql`insert into media (id, account_id, kind, state, key, original_mime, sha256, md5, sha1, screening, created_at) select id, ${mara.id}::bigint, 'image', 'ready', 'k' || id, 'image/jpeg', sha, substr(sha, 1, 16), substr(sha, 1, 20), 'clear', now()
        from unnest(${ids}::bigint[], ${ids.map(() => randomBytes(32))}::bytea[]) as x (id, sha)`.execute(on)
      await sql`insert into media_fingerprints (media_id, frame_at, hashes, quality) select id, 0, hashes, 90 from unnest(${ids}::bigint[], ${ids.map(() => randomBytes(256))}::bytea[]) as x (id, hashes)`.execute(on)
    }
    const list = await createList(app, owner, { name: 'A million', category: 'other' })
    const { rows } = await sql<{ hash: string }>`select encode(substr(hashes, 1, 32), 'hex') as hash from media_fingerprints order by media_id limit ${known * 2}`.execute(on)
    const lines = async function* (count: number, own: string[]) { for (const hash of own) yield `pdq ${hash}\n`; for (let at = 0; at < count; at += 1000) yield Array.from({ length: Math.min(1000, count - at) }, () => `pdq ${randomBytes(32).toString('hex')}\n`).join('') }
    await importHashes(app, owner, list, { format: 'lines', content: lines(listed, rows.slice(0, known).map((row) => row.hash)) })
    await indexHashes(app)
    const whole = performance.now()
    const { done, found } = await sweepNow(app)
    const took = seconds(whole)
    if (done !== pictures || found !== known) throw new Error(`${done} looked through, ${found} found`)
    tell({ name: `${pictures} pictures against ${listed / 1e6} million hashes`, value: took, unit: 's' })
    tell({ name: 'of these, in a second', value: done / took, unit: 'pictures', least: 200 })
    await importHashes(app, owner, list, { format: 'lines', content: lines(100 - known, rows.slice(known).map((row) => row.hash)) })
    const few = performance.now()
    const waits = async () => (await sql`select 1 from hash_sweeps where state <> 'done'`.execute(on)).rows.length > 0
    while (await waits()) await sweepHashes(app)
    tell({ name: `${pictures} pictures against a hundred that were added`, value: seconds(few), unit: 's' })
    const { rows: [matches] } = await sql<{ n: number }>`select count(*)::int as n from media_matches`.execute(on)
    if (matches!.n !== known * 2) throw new Error(`${matches!.n} matches`)
  })
} finally {
  await rm(folder, { recursive: true, force: true })
}
