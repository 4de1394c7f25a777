// node bench/idle.ts: how soon a Hearth that was set up before answers after its start, and what memory the whole of it takes when
// nobody is there, database included (PSS: what processes share is counted once). Linux only.
import { rm, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, startServer } from './load.ts'
import { commandOf, treeOf } from '../tests/endurance/town.ts'
import { pssOf } from './pss.ts'
import { tell } from './result.ts'

const folder = await mkdtemp(join(tmpdir(), 'hearth-bench-idle-'))
const port = await freePort()
const environment = { ...process.env, HEARTH_DATA: folder, PORT: String(port), HEARTH_LOG: 'warn' }
const start = () => startServer(join(import.meta.dirname, '../bin/hearth.js'), ['start'], environment, `http://127.0.0.1:${port}/health/ready`)
try {
  await (await start()).stop()
  const began = performance.now()
  const server = await start()
  tell({ name: 'from the command to the first answer', value: (performance.now() - began) / 1000, unit: 's', most: 3 })
  try {
    await (await fetch(`http://127.0.0.1:${port}/`)).text()
    await new Promise((done) => { setTimeout(done, 20_000) })
    let all = 0
    for (const pid of treeOf(server.process.pid!)) {
      const bytes = await pssOf(pid)
      all += bytes
      console.log(`  ${String(Math.round(bytes / 1048576)).padStart(4)} MiB  ${commandOf(pid).slice(0, 60)}`)
    }
    tell({ name: 'memory of all of it, idle', value: all / 1048576, unit: 'MiB', most: 250 })
  } finally {
    await server.stop()
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
