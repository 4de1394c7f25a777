import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

export type Load = { /** requests a second */ rate: number; /** ms */ median: number; p99: number; /** of the answer's body */ bytes: number; wrong: number }

/**
 * 32 connections that ask one address again and again, from a process of its own on the same machine: wrk where it is installed, which
 * leaves most of the machine to who answers, else autocannon. One run uses one of them for everything.
 */
export async function load(url: string, headers: Record<string, string>, seconds: number): Promise<Load> {
  const read = await (hasWrk() ? byWrk : byAutocannon)(url, headers, seconds)
  return { ...read, bytes: (await (await fetch(url, { headers })).arrayBuffer()).byteLength }
}

let wrk: boolean | undefined
function hasWrk(): boolean {
  if (wrk === undefined) {
    wrk = spawnSync('wrk', ['--version'], { stdio: 'ignore' }).error === undefined
    process.stderr.write(wrk ? '  asked by wrk\n' : '  asked by autocannon; with wrk (apt-get install wrk) the load takes less of the machine\n')
  }
  return wrk
}

async function said(program: string, words: string[]): Promise<string> {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  for await (const part of child.stdout) text += String(part)
  return text
}

async function byWrk(url: string, headers: Record<string, string>, seconds: number): Promise<Omit<Load, 'bytes'>> {
  const text = await said('wrk', ['--threads', '1', '--connections', '32', '--duration', `${seconds}s`, '--timeout', '10s', '--latency', ...Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]), url])
  const within = (share: string) => {
    const [, value, unit] = new RegExp(`${share}%\\s+([\\d.]+)(us|ms|s|m)`).exec(text) ?? []
    return Number(value) * { us: 0.001, ms: 1, s: 1000, m: 60_000 }[unit as 'us' | 'ms' | 's' | 'm']
  }
  const count = (before: RegExp) => Number(before.exec(text)?.[1] ?? 0)
  const broken = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text)?.slice(1).reduce((sum, one) => sum + Number(one), 0) ?? 0
  const read = { rate: count(/Requests\/sec:\s+([\d.]+)/), median: within('50'), p99: within('99'), wrong: count(/Non-2xx or 3xx responses: (\d+)/) + broken }
  if (!(read.rate > 0 && read.p99 > 0)) throw new Error(`wrk said something unexpected: ${text}`)
  return read
}

async function byAutocannon(url: string, headers: Record<string, string>, seconds: number): Promise<Omit<Load, 'bytes'>> {
  const words = ['--json', '--connections', '32', '--duration', String(seconds), ...Object.entries(headers).flatMap(([name, value]) => ['--headers', `${name}=${value}`]), url]
  const read = JSON.parse(await said(process.execPath, [fileURLToPath(import.meta.resolve('autocannon')), ...words])) as { requests: { average: number }; latency: { p50: number; p99: number }; non2xx: number; errors: number }
  return { rate: read.requests.average, median: read.latency.p50, p99: read.latency.p99, wrong: read.non2xx + read.errors }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}

/** Starts a program and waits until it answers. `stop` ends it. */
export async function startServer(file: string, words: string[], environment: Record<string, string | undefined>, ready: string): Promise<{ process: ChildProcess; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [file, ...words], { env: environment, stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  for (let tries = 0; ; tries++) {
    if (child.exitCode !== null || tries > 600) throw new Error(`${file} did not answer at ${ready}`)
    if (await fetch(ready).then((answer) => answer.ok, () => false)) break
    await new Promise((done) => setTimeout(done, 200))
  }
  return { process: child, stop: async () => { child.kill('SIGTERM'); await ended } }
}
