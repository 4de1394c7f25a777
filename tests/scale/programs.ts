import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'

const folders = [...[15, 16, 17, 18].map((version) => `/usr/lib/postgresql/${version}/bin`), ...(process.env.PATH ?? '').split(':'), '/usr/bin', '/usr/sbin', '/usr/local/bin']

/**
 * The path of a server's program: one that is installed or, as root on Debian and its kin, one installed now from `from`, without
 * starting it. Throws an Error that says what to do.
 */
export function findProgram(name: string, from: string): string {
  return installed(name) ?? installOnDebian(name, from)
}

function installed(name: string): string | undefined {
  return folders.map((folder) => join(folder, name)).find((path) => { try { accessSync(path, constants.X_OK); return true } catch { return false } })
}

function installOnDebian(name: string, from: string): string {
  const hint = `The tests of several machines need '${name}': install it (Debian: apt-get install ${from}).`
  const system = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  if (process.getuid?.() !== 0 || !/^ID(_LIKE)?=.*debian/m.test(system)) throw new Error(hint)
  process.stderr.write(`installing ${from} for the tests of several machines …\n`)
  // RUNLEVEL 1: packages leave their services alone. PostgreSQL's makes no cluster of its own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1', PG_CREATE_MAIN_CLUSTER: 'false' }
  try {
    execFileSync('apt-get', ['update', '-q'], { env, stdio: ['ignore', 'ignore', 'inherit'] })
    execFileSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', from], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  } catch (error) {
    throw new Error(`${hint} (Installing it did not work here: ${(error as Error).message.split('\n')[0]})`, { cause: error })
  }
  const path = installed(name)
  if (!path) throw new Error(hint)
  return path
}

export type Service = { url: string; port: number; child: ChildProcess; stop(): Promise<void> }

/** A Redis of its own that keeps nothing on disk. `port` 0: a free one. */
export async function startRedis(port = 0): Promise<Service> {
  const at = port || await freePort()
  return begin(findProgram('redis-server', 'redis-server'), ['--port', String(at), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', '/tmp'], `redis://127.0.0.1:${at}`, at)
}

export async function startNats(port = 0): Promise<Service> {
  const at = port || await freePort()
  return begin(findProgram('nats-server', 'nats-server'), ['-a', '127.0.0.1', '-p', String(at)], `nats://127.0.0.1:${at}`, at)
}

async function begin(program: string, words: string[], url: string, port: number): Promise<Service> {
  const child = spawn(program, words, { stdio: 'ignore' })
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  await untilOpen(port)
  return { url, port, child, async stop() { child.kill('SIGKILL'); await ended } }
}

export async function untilOpen(port: number): Promise<void> {
  const until = Date.now() + 20_000
  for (;;) {
    const open = await new Promise<boolean>((done) => {
      const socket = connect(port, '127.0.0.1', () => { socket.destroy(); done(true) }).once('error', () => done(false))
    })
    if (open) return
    if (Date.now() > until) throw new Error(`nothing answers at port ${port}`)
    await new Promise((done) => setTimeout(done, 30))
  }
}

/** One that was free a moment ago. */
export async function freePort(): Promise<number> {
  const { createServer } = await import('node:net')
  return new Promise((done, fail) => {
    const trial = createServer().once('error', fail).listen(0, '127.0.0.1', () => {
      const address = trial.address()
      trial.close(() => done(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
