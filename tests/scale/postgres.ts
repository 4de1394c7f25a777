import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { findProgram, freePort, untilOpen } from './programs.ts'

/** PostgreSQL as Debian has it, as one server or more, in a folder that goes at the end. */
export type Cluster = {
  primary: Server
  /** a copy that follows by streaming */
  addReplica(): Promise<Server>
  close(): Promise<void>
}
export type Server = { url: string; port: number; start(): Promise<void>; /** as if the machine's plug were pulled */ kill(): Promise<void> }

export async function openCluster(): Promise<Cluster> {
  const bin = join(findProgram('initdb', 'postgresql'), '..')
  const folder = mkdtempSync(join(tmpdir(), 'hearth-cluster-'))
  // PostgreSQL refuses to run as root: the package has brought a user for it.
  const ids = process.getuid?.() === 0 ? { uid: number('-u'), gid: number('-g') } : {}
  if (ids.uid !== undefined) chownSync(folder, ids.uid, ids.gid)
  chmodSync(folder, 0o700)
  const options = { ...ids, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', TZ: 'UTC' } }
  const run = (program: string, ...words: string[]) => execFileSync(join(bin, program), words, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
  const servers: Server[] = []

  const serve = async (data: string): Promise<Server> => {
    const port = await freePort()
    let child: ChildProcess | undefined
    const server: Server = {
      port, url: `postgres://hearth@127.0.0.1:${port}/hearth`,
      async start() {
        child = spawn(join(bin, 'postgres'), ['-D', data, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=150', '-c', 'shared_buffers=64MB', '-c', 'log_min_messages=fatal', '-c', 'jit=off'], { ...options, stdio: 'ignore' })
        await untilOpen(port)
        const until = Date.now() + 30_000
        for (;;) {
          try { return await ask(port, 'select 1') } catch (error) { if (Date.now() > until) throw error }
          await new Promise((done) => setTimeout(done, 100))
        }
      },
      async kill() {
        if (!child || child.exitCode !== null || child.signalCode !== null) return
        const gone = new Promise((done) => child!.once('exit', done))
        child.kill('SIGQUIT')
        await gone
      },
    }
    servers.push(server)
    await server.start()
    return server
  }

  run('initdb', '-D', join(folder, 'primary'), '-U', 'hearth', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--no-instructions')
  const primary = await serve(join(folder, 'primary'))
  await ask(primary.port, 'create database hearth')
  return {
    primary,
    async addReplica() {
      const data = join(folder, `replica${servers.length}`)
      run('pg_basebackup', '-h', '127.0.0.1', '-p', String(primary.port), '-U', 'hearth', '-D', data, '-R', '-X', 'stream', '-c', 'fast', '--no-sync')
      return serve(data)
    },
    async close() {
      await Promise.all(servers.map((one) => one.kill()))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function ask(port: number, text: string): Promise<void> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'hearth', database: 'postgres' })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(text)
  } finally {
    client.end().catch(() => {})
  }
}

const number = (what: string) => Number(execFileSync('id', [what, 'postgres'], { encoding: 'utf8' }))
