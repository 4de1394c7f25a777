import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

let data: string
const running = new Set<ChildProcess>()
beforeAll(async () => { data = await mkdtemp(join(tmpdir(), 'hearth-command-')) })
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL')
  // A server that was killed leaves its PostgreSQL behind; any command stops it.
  await hearth('account', 'list')
  await rm(data, { recursive: true, force: true })
})

const environment = () => ({ ...process.env, HEARTH_DATA: data, NODE_ENV: '', PUBLIC_URL: '', DATABASE_URL: '' })

function hearth(...words: string[]): Promise<{ code: number; out: string; error: string }> {
  return new Promise((done) => execFile(process.execPath, ['bin/hearth.js', ...words], { env: environment(), timeout: 60_000 },
    (error, out, said) => done({ code: error ? Number(error.code) : 0, out, error: said })))
}

async function start(): Promise<{ child: ChildProcess; said: string; url: string; ended: Promise<number | null> }> {
  const child = spawn(process.execPath, ['bin/hearth.js', 'start', '--port', '0'], { env: environment(), stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  const ended = new Promise<number | null>((done) => child.once('exit', (code) => { running.delete(child); done(code) }))
  let said = ''
  await new Promise<void>((done, fail) => {
    const keep = (chunk: Buffer) => { said += chunk.toString(); if (/ready in [\s\S]*http:\S+\n\n/.test(said)) done() }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.once('exit', () => fail(new Error(said)))
  })
  return { child, said, url: /http:\/\/localhost:\d+/.exec(said)?.[0] ?? '', ended }
}

test('a command that is used wrongly says how, with exit code 2, and starts nothing', async () => {
  for (const words of [['frob'], ['account', 'frob'], ['account', 'show'], ['account', 'list', '--limit', 'many'], ['account', 'list', '--frob'], ['account', 'role', 'mara', 'wizard'], ['token', 'create']]) {
    const { code, out, error } = await hearth(...words)
    expect({ words, code, out }).toEqual({ words, code: 2, out: '' })
    expect(error).toMatch(/^hearth: /)
  }
  expect((await hearth('account', 'create', '--help')).out).toContain('--password')
})

test('a setting that cannot be is named, with what it should be', async () => {
  const { code, error } = await hearth('start', '--port', '99999')
  expect(code).toBe(1)
  expect(error).toContain('PORT=99999  should be a port number')
})

test('without a server, accounts are made, listed, changed and given tokens', async () => {
  const made = await hearth('account', 'create', '--username', 'mara', '--json')
  expect(made.error).toBe('')
  expect(JSON.parse(made.out)).toMatchObject({ username: 'mara', role: 'member', password: expect.stringMatching(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/) })
  expect(await hearth('account', 'create', 'MARA')).toMatchObject({ code: 1, out: '', error: expect.stringContaining('username') })
  expect((await hearth('account', 'role', 'mara', 'moderator')).code).toBe(0)
  expect(JSON.parse((await hearth('account', 'show', '@mara', '--json')).out)).toMatchObject({ username: 'mara', role: 'moderator', state: 'active' })
  expect((await hearth('account', 'show', 'nobody')).error).toContain("no account 'nobody'")
  expect((await hearth('token', 'create', '--account', 'mara')).out).toMatch(/^\S{40,}\n$/)
  expect(JSON.parse((await hearth('token', 'create', '--account', 'mara', '--json')).out)).toMatchObject({ access_token: expect.any(String), client_id: expect.any(String), client_secret: expect.any(String) })
}, 60_000)

test('a server starts with a set-up link, shares its folder with commands but not with a second server, and ends in order', async () => {
  const server = await start()
  expect(server.said).toMatch(/\/setup\?token=[\w-]{20,}/)
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(200)
  const second = await hearth('start', '--port', '0')
  expect(second).toMatchObject({ code: 1, error: expect.stringContaining(`process ${server.child.pid}`) })
  expect((await hearth('account', 'suspend', 'mara')).code).toBe(0)
  expect(JSON.parse((await hearth('account', 'list', '--json')).out)).toMatchObject([{ username: 'mara', state: 'suspended' }])
  const taken = await hearth('start', '--port', server.url.split(':').at(-1) ?? '', '--data', `${data}/other`)
  expect(taken).toMatchObject({ code: 1, error: expect.stringContaining('already taken') })
  server.child.kill('SIGTERM')
  expect(await server.ended).toBe(0)
}, 90_000)

test('after kill -9 the next start just works, within three seconds, and an owner ends the set-up', async () => {
  const killed = await start()
  killed.child.kill('SIGKILL')
  await killed.ended
  expect(JSON.parse(await readFile(join(data, 'hearth.lock'), 'utf8')).pid).toBe(killed.child.pid)
  const next = await start()
  expect(Number(/ready in ([\d.]+) s/.exec(next.said)?.[1])).toBeLessThan(3)
  expect((await hearth('account', 'create', 'olga', '--role', 'owner')).code).toBe(0)
  next.child.kill('SIGINT')
  expect(await next.ended).toBe(0)
  const last = await start()
  expect(last.said).not.toContain('/setup')
  last.child.kill('SIGTERM')
  expect(await last.ended).toBe(0)
}, 90_000)
