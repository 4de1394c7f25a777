import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

export type Load = { /** requests a second */ rate: number; /** ms */ median: number; p99: number; /** of the answer's body */ bytes: number; wrong: number }

/** 32 connections that ask one address again and again, from a process of its own on the same machine. */
export async function load(url: string, headers: Record<string, string>, seconds: number): Promise<Load> {
  const words = ['--json', '--connections', '32', '--duration', String(seconds), ...Object.entries(headers).flatMap(([name, value]) => ['--headers', `${name}=${value}`]), url]
  const child = spawn(process.execPath, [fileURLToPath(import.meta.resolve('autocannon')), ...words], { stdio: ['ignore', 'pipe', 'ignore'] })
  let said = ''
  for await (const part of child.stdout) said += String(part)
  const read = JSON.parse(said) as { requests: { average: number }; latency: { p50: number; p99: number }; non2xx: number; errors: number }
  const bytes = (await (await fetch(url, { headers })).arrayBuffer()).byteLength
  return { rate: read.requests.average, median: read.latency.p50, p99: read.latency.p99, bytes, wrong: read.non2xx + read.errors }
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
