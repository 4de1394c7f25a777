// A real Hearth in a process of its own, with its embedded PostgreSQL and a data folder: to be killed, starved and cut off.
import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Running = {
  child: ChildProcess
  url: string
  /** its exit code, once it has ended */
  ended: Promise<number | null>
  /** Kills the server and everything that it began, the database too, in an order that `shuffle` decides; returns when all are gone. */
  killTree(shuffle?: (pids: number[]) => number[]): Promise<void>
  /** numbers of the server's own processes whose command has this word in it */
  pids(word?: string): number[]
}
export type Town = {
  data: string
  /** what the command says on standard output; throws where it ends with anything but 0 */
  hearth(...words: string[]): Promise<string>
  start(more?: { before?: string[]; environment?: Record<string, string> }): Promise<Running>
  close(): Promise<void>
}

/** `data`: a folder to use instead of a fresh one; it is left behind. */
export async function openTown(environment: Record<string, string> = {}, data?: string): Promise<Town> {
  const folder = data ?? await mkdtemp(join(tmpdir(), 'hearth-endurance-'))
  const running = new Set<Running>()
  const all = () => ({ ...process.env, HEARTH_DATA: folder, NODE_ENV: '', PUBLIC_URL: '', DATABASE_URL: '', HEARTH_RATE_LIMIT_SCALE: '100000', HEARTH_LOG: 'error', NODE_COMPILE_CACHE: join(tmpdir(), 'hearth-compile-cache'), ...environment })
  const hearth = (...words: string[]) => new Promise<string>((done, fail) => {
    execFile(process.execPath, ['bin/hearth.js', ...words], { env: all(), timeout: 120_000, maxBuffer: 64 * 1024 * 1024 }, (error, out) => error ? fail(new Error(`${error.message}\n${out}`)) : done(out))
  })
  return {
    data: folder,
    hearth,
    async start({ before = [], environment: more = {} } = {}) {
      const [program, ...words] = [...before, process.execPath, 'bin/hearth.js', 'start', '--port', '0']
      const child = spawn(program!, words, { env: { ...all(), ...more }, stdio: ['ignore', 'pipe', 'pipe'] })
      const ended = new Promise<number | null>((done) => child.once('close', (code) => { running.delete(one); done(code) }))
      let said = ''
      child.stderr.on('data', (chunk: Buffer) => { said = (said + chunk.toString()).slice(-20_000); process.stderr.write(chunk) })
      const ready = new Promise<void>((done, fail) => {
        child.stdout.on('data', (chunk: Buffer) => { said += chunk.toString(); if (/ready in [\s\S]*http:\S+\n\n/.test(said)) done() })
        child.once('exit', () => fail(new Error(`it ended: ${said}`)))
      })
      const one: Running = {
        child, url: '', ended,
        pids: (word = '') => treeOf(child.pid!).filter((pid) => commandOf(pid).includes(word)),
        async killTree(shuffle = (pids) => pids) {
          for (const pid of shuffle(treeOf(child.pid!))) kill(pid)
          await ended
          await untilGone(folder)
        },
      }
      running.add(one)
      await ready
      one.url = /http:\/\/localhost:\d+/.exec(said)![0].replace('localhost', '127.0.0.1')
      return one
    },
    async close() {
      for (const one of running) await one.killTree()
      if (!data) await rm(folder, { recursive: true, force: true })
    },
  }
}

function kill(pid: number): void {
  try { process.kill(pid, 'SIGKILL') } catch { /* it went by itself */ }
}

/** A process and all that descend from it, oldest first. */
export function treeOf(root: number): number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = parentOf(Number(name))
    if (parent !== undefined) children.set(parent, [...children.get(parent) ?? [], Number(name)])
  }
  const found = [root]
  for (let at = 0; at < found.length; at++) found.push(...children.get(found[at]!) ?? [])
  return found
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined
  }
}

export function commandOf(pid: number): string {
  try { return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ') } catch { return '' }
}

/** Whoever was begun after the tree was looked at (a backend, a child that reads a picture) is killed, too. */
async function untilGone(folder: string): Promise<void> {
  for (;;) {
    const left = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && commandOf(Number(name)).includes(folder) && !commandOf(Number(name)).includes('vitest'))
    const postmaster = (() => { try { return Number(readFileSync(join(folder, 'database/cluster/postmaster.pid'), 'utf8').split('\n')[0]) } catch { return 0 } })()
    const leftovers = postmaster && commandOf(postmaster).includes(folder) ? treeOf(postmaster) : []
    if (left.length === 0 && leftovers.length === 0) return
    for (const pid of [...left.map(Number), ...leftovers]) kill(pid)
    await new Promise((done) => setTimeout(done, 10))
  }
}
