import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { allow, readAsk } from '../../src/server/domain/apps/index.ts'
import type { Account } from '../../src/server/domain/accounts/index.ts'
import { closeSetUp } from '../../src/server/domain/instance/index.ts'
import { front } from '../../src/server/doors/http.ts'
import { endStreams, webSockets } from '../../src/server/doors/api/index.ts'
import { endLive } from '../../src/server/doors/live/index.ts'
import { person } from '../people.ts'
import { openWorld } from '../world.ts'
import type { World } from '../world.ts'

export type Town = World & { url: string; ada: Account; ben: Account; approve(address: string, member: Account): Promise<string>; closeTown(): Promise<void> }

/** A started server with two members, for programs written by others. Jobs run on their own, as they do in life. */
export async function openTown(): Promise<Town> {
  const world = await openWorld()
  await world.app.database.inTransaction((tx) => closeSetUp(world.app, tx))
  const server = createServer(await front(world.app, (_request, response) => { response.writeHead(404).end() }))
  server.on('upgrade', webSockets(world.app))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = world.app.config.publicUrl = `http://localhost:${(server.address() as AddressInfo).port}`
  let open = true
  const working = (async () => { while (open) { await world.work(); await new Promise((done) => setTimeout(done, 50)) } })()
  return {
    ...world, url, ada: await person(world.app, 'ada', { displayName: 'Ada' }), ben: await person(world.app, 'ben', { displayName: 'Ben' }),
    /** What a member's yes on the consent page gives: the code. */
    async approve(address, member) {
      return (await allow(world.app, member, await readAsk(world.app, new URL(address).searchParams))).code
    },
    async closeTown() {
      open = false
      await working
      endLive(world.app)
      endStreams(world.app)
      await new Promise((done) => { server.close(done); server.closeAllConnections() })
      await world.close()
    },
  }
}

/**
 * Is a Debian package with a client there, or can it be had now? False elsewhere, said aloud: these programs come with Debian only.
 */
export function haveDebian(packages: string[], paths: string[]): boolean {
  if (paths.every(existsSync)) return true
  const system = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  if (process.getuid?.() === 0 && /^ID(_LIKE)?=.*debian/m.test(system)) {
    try {
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
      execFileSync('apt-get', ['update', '-q'], { env, stdio: 'ignore' })
      execFileSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], { env, stdio: 'ignore' })
    } catch { /* told below */ }
  }
  if (paths.every(existsSync)) return true
  process.stderr.write(`\nLEFT OUT: these tests need ${packages.join(' and ')}, which Debian has (apt-get install ${packages.join(' ')}).\n`)
  return false
}

/** Runs a program to its end; what it wrote. Fails with what it wrote where it ended badly. */
export function run(command: string, words: string[], environment: Record<string, string> = {}, input = ''): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(command, words, { env: { ...process.env, ...environment } })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => { said += chunk.toString() })
    child.stderr.on('data', (chunk: Buffer) => { said += chunk.toString() })
    child.once('error', fail)
    child.once('close', (code) => code === 0 ? done(said) : fail(new Error(`${command} ${words.join(' ')} ended with ${code}:\n${said}`)))
    child.stdin.end(input)
  })
}
