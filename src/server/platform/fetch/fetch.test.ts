import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { createServer as createRawServer } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isGlobal, openOutbound, readAddress } from './index.ts'
import type { Outbound } from './index.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void
const pages = new Map<string, Answer>()
const asked: { path: string; headers: IncomingMessage['headers'] }[] = []
let server: Server
let rude: ReturnType<typeof createRawServer>
let port = 0
let rudePort = 0
let out: Outbound
const open = new Set<Socket>()
const local = async () => [{ address: '127.0.0.1', family: 4 }]
const at = (path: string) => `http://town.example:${port}${path}`
const page = (path: string, answer: Answer) => { pages.set(path, answer); return at(path) }
const text = (body: string | Buffer, headers: Record<string, string> = {}): Answer => (_request, response) => { response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body) }
const codeOf = (promise: Promise<unknown>) => promise.then(() => 'answered', (error: { code?: string }) => error.code)
const outbound = (more: Partial<Parameters<typeof openOutbound>[0]> = {}) => openOutbound({ userAgent: 'Hearth/test (+https://town.example)', allow: [`town.example:${port}`, `other.example:${port}`, `rude.example:${rudePort}`], lookup: local, ...more })

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = (request.url ?? '').split('?', 1)[0]!
    asked.push({ path, headers: request.headers })
    const answer = pages.get(path)
    if (answer) answer(request, response)
    else response.writeHead(404).end()
  })
  rude = createRawServer((socket) => { open.add(socket); socket.on('error', () => {}); socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`)) })
  await Promise.all([server, rude].map((one) => new Promise<void>((done) => { one.listen(0, '127.0.0.1', done) })))
  port = (server.address() as AddressInfo).port
  rudePort = (rude.address() as AddressInfo).port
  out = outbound()
})
afterAll(() => { server.closeAllConnections(); server.close(); for (const socket of open) socket.destroy(); rude.close() })

test('a page is read, unpacked, by somebody who says who they are and brings no cookie', async () => {
  for (const [encoding, pack] of [['gzip', gzipSync], ['br', brotliCompressSync]] as const) {
    const found = await out.ask(page(`/packed-${encoding}`, text(pack('<p>hello'), { 'content-encoding': encoding, 'set-cookie': 'a=1' })), { bytes: 1000, types: ['text/html'] })
    expect([found.status, found.type, found.body.toString()]).toEqual([200, 'text/html', '<p>hello'])
  }
  expect(asked.at(-1)!.headers).toMatchObject({ 'user-agent': 'Hearth/test (+https://town.example)' })
  expect(asked.at(-1)!.headers).not.toHaveProperty('cookie')
})

test('redirects are followed three times, to wherever they lead in the end, and never into the house', async () => {
  page('/r1', (_q, r) => { r.writeHead(301, { location: '/r2' }).end() })
  page('/r2', (_q, r) => { r.writeHead(302, { location: `http://other.example:${port}/r3` }).end() })
  page('/r3', (_q, r) => { r.writeHead(308, { location: 'end#part' }).end() })
  page('/end', text('there'))
  expect(await out.ask(at('/r1'), { bytes: 100 })).toMatchObject({ url: `http://other.example:${port}/end`, status: 200 })
  page('/r0', (_q, r) => { r.writeHead(301, { location: '/r1' }).end() })
  page('/loop', (_q, r) => { r.writeHead(302, { location: '/loop' }).end() })
  expect(await codeOf(out.ask(at('/r0'), { bytes: 100 }))).toBe('tooManyRedirects')
  expect(await codeOf(out.ask(at('/loop'), { bytes: 100 }))).toBe('tooManyRedirects')
  const before = asked.length
  for (const target of ['http://127.0.0.1/', 'http://[::1]/', 'https://10.0.0.1/', 'http://169.254.169.254/latest/meta-data/']) {
    page('/inside', (_q, r) => { r.writeHead(302, { location: target }).end() })
    expect(await codeOf(outbound({ lookup: async (host) => host === 'town.example' ? local() : [{ address: host, family: host.includes(':') ? 6 : 4 }] }).ask(at('/inside'), { bytes: 100 }))).toBe('insideNetwork')
  }
  for (const target of ['ftp://town.example/', 'file:///etc/passwd', 'javascript:alert(1)', `http://127.0.0.1:${port}/`, 'http://user:word@town.example/', 'http://[']) {
    page('/odd', (_q, r) => { r.writeHead(302, { location: target }).end() })
    expect(await codeOf(out.ask(at('/odd'), { bytes: 100 }))).toBe('badAddress')
  }
  expect(asked.length).toBe(before + 10)
})

test('a name that stands for the house in any of its addresses is not asked, and a name is asked for once', async () => {
  for (const addresses of [['127.0.0.1'], ['93.184.215.14', '10.1.2.3'], ['::ffff:127.0.0.1'], ['fd00::1']]) {
    const wary = outbound({ lookup: async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })) })
    expect(await codeOf(wary.ask('http://rebind.example/', { bytes: 100 }))).toBe('insideNetwork')
  }
  // Whoever answers differently the second time isn't asked a second time.
  let times = 0
  const pinned = outbound({ lookup: async () => [{ address: times++ ? '127.0.0.2' : '127.0.0.1', family: 4 }] })
  expect((await pinned.ask(page('/once', text('well')), { bytes: 100 })).body.toString()).toBe('well')
  expect(times).toBe(1)
})

test('what never ends, comes slowly, or unpacks to more than it seems is left behind', async () => {
  const endless = page('/endless', (_q, r) => { r.writeHead(200, { 'content-type': 'text/html' }); const more = () => { while (r.write('x'.repeat(65_536))); }; r.on('drain', more); more() })
  expect(await codeOf(out.ask(endless, { bytes: 100_000 }))).toBe('tooLarge')
  const cut = await out.ask(endless, { bytes: 100_000, tooLong: 'cut' })
  expect([cut.body.length, cut.cut]).toEqual([100_000, true])
  const bomb = page('/bomb', text(gzipSync(Buffer.alloc(50_000_000)), { 'content-encoding': 'gzip' }))
  expect(await codeOf(out.ask(bomb, { bytes: 1_000_000 }))).toBe('tooLarge')
  expect((await out.ask(bomb, { bytes: 1_000_000, tooLong: 'cut' })).body.length).toBe(1_000_000)
  const slow = page('/slow', (_q, r) => { r.writeHead(200, { 'content-type': 'text/html' }); const drip = setInterval(() => { r.write('x') }, 20); r.on('close', () => clearInterval(drip)) })
  expect(await codeOf(out.ask(slow, { bytes: 1000, seconds: 0.3 }))).toBe('tooSlow')
  expect(await codeOf(out.ask(page('/silent', () => {}), { bytes: 1000, seconds: 0.3 }))).toBe('tooSlow')
  expect(await codeOf(outbound({ lookup: () => new Promise(() => {}) }).ask(at('/end'), { bytes: 1000, seconds: 0.2 }))).toBe('tooSlow')
  expect(await codeOf(out.ask(page('/said', text('x'.repeat(2000))), { bytes: 1000 }))).toBe('tooLarge')
})

test('huge heads, odd packings, broken packings and other types are refused', async () => {
  expect(await codeOf(out.ask(`http://rude.example:${rudePort}/`, { bytes: 1000 }))).toBe('unreachable')
  expect(await codeOf(out.ask(page('/odd-packing', text('x', { 'content-encoding': 'gzip, gzip' })), { bytes: 1000 }))).toBe('unreachable')
  expect(await codeOf(out.ask(page('/broken-packing', text(gzipSync('x'.repeat(5000)).subarray(0, 20), { 'content-encoding': 'gzip' })), { bytes: 1000 }))).toBe('unreachable')
  expect(await codeOf(out.ask(page('/film', text('x', { 'content-type': 'video/mp4' })), { bytes: 1000, types: ['text/html', 'image/*'] }))).toBe('wrongType')
  expect((await out.ask(page('/picture', text('x', { 'content-type': 'image/png' })), { bytes: 1000, types: ['image/*'] })).type).toBe('image/png')
})

test('a host that fails again and again is left in peace', async () => {
  const tired = outbound({ allow: ['127.0.0.1:1'], restMs: 60_000 })
  const codes = []
  for (let time = 0; time < 6; time++) codes.push(await codeOf(tired.ask('http://127.0.0.1:1/', { bytes: 100 })))
  expect(codes).toEqual([...Array.from({ length: 5 }, () => 'unreachable'), 'resting'])
})

test('a message is handed over once, wherever its receiver would send it on', async () => {
  page('/hook', (request, response) => { request.resume(); response.writeHead(302, { location: '/end' }).end('moved') })
  const before = asked.length
  const answer = await out.ask(at('/hook'), { method: 'POST', body: Buffer.from('{}'), headers: { 'content-type': 'application/json' }, bytes: 100, tooLong: 'cut' })
  expect([answer.status, asked.length]).toEqual([302, before + 1])
  expect(await codeOf(openOutbound({ userAgent: 'x', allow: [] }).ask('http://example.com/', { method: 'POST', bytes: 0, secure: true }))).toBe('badAddress')
})

test('addresses are read as what they stand for', () => {
  const hostOf = (address: string) => readAddress(address, [])?.host
  expect(['http://2130706433/', 'http://0x7f.1/', 'http://0177.0.0.1/', 'http://127.1/', 'http://①②⑦.0.0.1/'].map(hostOf)).toEqual(Array.from({ length: 5 }, () => '127.0.0.1'))
  expect([hostOf('http://[::FFFF:127.0.0.1]/'), hostOf('https://bücher.example/'), hostOf('http://例え.テスト/')]).toEqual(['::ffff:7f00:1', 'xn--bcher-kva.example', 'xn--r8jz45g.xn--zckzah'])
  for (const bad of ['', 'town.example', 'ftp://town.example/', 'http://town.example:22/', 'https://town.example:8443/', 'http://me@town.example/', 'http://me:word@town.example/', `http://town.example/${'a'.repeat(3000)}`, 'http://[fe80::1%25eth0]/', 'data:text/html,x']) expect(readAddress(bad, [])).toBeUndefined()
  expect([hostOf('http://town.example:443/'), readAddress('http://town.example:8080/', ['town.example:8080'])?.allowed, readAddress('https://town.example/#x', ['town.example:443'])?.allowed]).toEqual(['town.example', true, true])
})

test('only addresses of the wide internet count as such', () => {
  const global = ['93.184.215.14', '1.1.1.1', '8.8.8.8', '2606:4700:4700::1111', '2001:4860:4860::8888', '2a00:1450::1']
  const inside = ['0.0.0.0', '10.0.0.1', '100.64.0.1', '127.0.0.1', '127.255.255.254', '169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.8', '192.0.2.1', '192.88.99.1', '192.168.1.1', '198.18.0.1', '198.51.100.1', '203.0.113.7', '224.0.0.1', '240.0.0.1', '255.255.255.255',
    '::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::808:808', '64:ff9b:1::1', '100::1', 'fc00::1', 'fd12::1', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', '2001::1', '2001:db8::1', '2002:7f00:1::', '2002:808:808::1', '3fff::1', '', 'localhost', '1.2.3', '1.2.3.4.5']
  expect(global.filter((one) => !isGlobal(one))).toEqual([])
  expect(inside.filter(isGlobal)).toEqual([])
})
