// Do commits queue behind each other because they carry a signal? PostgreSQL lets one transaction with NOTIFY commit at a time, so that
// signals are heard in the order of the commits: what decision 18 relies on. The same rows, from more and more connections, with and without.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbedded } from '../src/server/platform/db/embedded.ts'
import { tell } from './result.ts'

const seconds = 3
const folder = await mkdtemp(join(tmpdir(), 'hearth-commits-'))
const embedded = await startEmbedded(folder)
const text = { plain: "insert into rows (words) values ('some words')", signal: "with made as (insert into rows (words) values ('some words') returning id) select pg_notify('try', 'p' || id) from made" }
try {
  const first = new pg.Client(embedded.connection)
  await first.connect()
  await first.query('create table rows (id bigint generated always as identity primary key, words text)')
  const ears = await Promise.all([0, 1].map(async () => { const ear = new pg.Client(embedded.connection); await ear.connect(); await ear.query('listen try'); return ear }))
  for (const connections of [1, 4, 16, 32]) {
    const clients = await Promise.all(Array.from({ length: connections }, async () => { const client = new pg.Client(embedded.connection); await client.connect(); return client }))
    const rates: Record<string, number> = {}
    for (const kind of ['plain', 'signal'] as const) {
      let done = 0
      const until = performance.now() + seconds * 1000
      await Promise.all(clients.map(async (client) => { while (performance.now() < until) { await client.query(text[kind]); done++ } }))
      rates[kind] = done / seconds
      tell({ name: `${connections} connections, ${kind === 'plain' ? 'without a signal' : 'with a signal'}`, value: rates[kind], unit: 'commits/s' })
    }
    tell({ name: `${connections} connections, with a signal compared to without`, value: rates.signal! / rates.plain! * 100, unit: '%' })
    await Promise.all(clients.map((client) => client.end()))
  }
  const started = performance.now()
  for (let count = 0; count < 300; count++) await first.query(text.plain)
  tell({ name: 'one commit after another', value: (performance.now() - started) / 300, unit: 'ms' })
  await Promise.all([first, ...ears].map((client) => client.end()))
} finally {
  await embedded.stop()
  await rm(folder, { recursive: true, force: true })
}
