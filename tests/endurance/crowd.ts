// A process of its own that asks, listens and dawdles: node's own work for it isn't the server's.
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { WebSocket } from 'ws'

export type Member = { token: string; cookie: string }
export type Wish =
  | { do: 'read'; path: string; token?: string; times: number }
  | { do: 'crowd'; connections: number; seconds: number; path: string; token: string }
  | { do: 'rush'; rate: number; seconds: number; path: string; token: string; writers: string[] }
  | { do: 'listen'; members: Member[]; sockets: number; events: number }
  | { do: 'dawdle'; heads: number; bodies: number; readers: number; cookie: string; page: string }
  | { do: 'leave' }
export type Kind = 'write' | 'read' | 'visit' | 'health'
export type Tally = Record<Kind, { asked: number; taken: number; away: number; wrong: number; /** ms, of those taken */ median: number; p99: number; /** without Retry-After */ rude: number }>

const url = new URL(process.argv[2] ?? '')
const agent = new Agent({ keepAlive: true, maxSockets: Infinity })
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))
const quantile = (list: number[], part: number) => list.length ? list.sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * part))]! : 0
const sockets = new Set<Socket>()
const listeners = new Set<WebSocket>()
const streams = new Set<ReturnType<typeof request>>()
let heard = 0

type Got = { status: number; ms: number; retryAfter: boolean }
function ask(path: string, token?: string, body?: string): Promise<Got> {
  const since = performance.now()
  return new Promise((done) => {
    const sent = request({ agent, host: url.hostname, port: url.port, path, method: body ? 'POST' : 'GET', headers: { ...token ? { authorization: `Bearer ${token}` } : {}, ...body ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } : {} } }, (answer) => {
      answer.on('end', () => done({ status: answer.statusCode ?? 0, ms: performance.now() - since, retryAfter: answer.headers['retry-after'] !== undefined })).resume()
      answer.on('error', () => done({ status: 0, ms: 0, retryAfter: false }))
    })
    sent.on('error', () => done({ status: 0, ms: 0, retryAfter: false }))
    sent.end(body)
  })
}
// Never the same twice: nothing of it can be kept ready.
let turn = 0
const fresh = (path: string) => `${path}${path.includes('?') ? '&' : '?'}max_id=${9_000_000_000_000_000_000n - BigInt(++turn)}`

const acts: Record<Wish['do'], (wish: never) => Promise<unknown>> = {
  async read({ path, token, times }: Extract<Wish, { do: 'read' }>) {
    const got: Got[] = []
    for (let at = 0; at < times; at++) got.push(await ask(fresh(path), token))
    return { median: quantile(got.filter(({ status }) => status === 200).map(({ ms }) => ms), 0.5), wrong: got.filter(({ status }) => status !== 200).length }
  },
  async crowd({ connections, seconds, path, token }: Extract<Wish, { do: 'crowd' }>) {
    const until = performance.now() + seconds * 1000
    const times: number[] = []
    await Promise.all(Array.from({ length: connections }, async () => {
      while (performance.now() < until) {
        const { status, ms } = await ask(fresh(path), token)
        if (status === 200) times.push(ms)
      }
    }))
    return { rate: times.length / seconds, median: quantile(times, 0.5) }
  },
  /** Comes at this rate, whether it is answered or not. */
  async rush({ rate, seconds, path, token, writers }: Extract<Wish, { do: 'rush' }>) {
    const got: Record<Kind, Got[]> = { write: [], read: [], visit: [], health: [] }
    const asked: Promise<void>[] = []
    const began = performance.now()
    let sent = 0
    while (performance.now() - began < seconds * 1000) {
      for (const due = (performance.now() - began) / 1000 * rate; sent < due; sent++) {
        const kind: Kind = sent % 50 === 0 ? 'health' : sent % 10 === 1 ? 'write' : sent % 10 < 5 ? 'read' : 'visit'
        const answer = kind === 'health' ? ask('/health/live') : kind === 'write' ? ask('/api/v1/statuses', writers[Math.floor(sent / 10) % writers.length], JSON.stringify({ status: `in the rush ${sent}`, visibility: 'public' })) : ask(fresh(path), kind === 'read' ? token : undefined)
        asked.push(answer.then((one) => { got[kind].push(one) }))
      }
      await pause(5)
    }
    await Promise.all(asked)
    return Object.fromEntries(Object.entries(got).map(([kind, list]) => {
      const taken = list.filter(({ status }) => status === 200)
      const away = list.filter(({ status }) => status === 503)
      const times = taken.map(({ ms }) => ms)
      return [kind, { asked: list.length, taken: taken.length, away: away.length, wrong: list.length - taken.length - away.length, median: quantile(times, 0.5), p99: quantile(times, 0.99), rude: away.filter(({ retryAfter }) => !retryAfter).length }]
    }))
  },
  async listen({ members, sockets: wanted, events }: Extract<Wish, { do: 'listen' }>) {
    heard = 0
    // Who is sent away comes again, as apps do.
    const open = async (at: number): Promise<void> => {
      for (let tries = 0; tries < 30; tries++) {
        const socket = new WebSocket(`${url.href.replace('http', 'ws')}api/v1/streaming?stream=public&access_token=${members[at % members.length]!.token}`)
        const good = await new Promise<boolean>((done) => socket.on('message', () => { heard++ }).on('error', () => {}).once('open', () => done(true)).once('close', () => done(false)))
        if (good) { listeners.add(socket); return }
        await pause(300)
      }
    }
    let next = 0
    await Promise.all(Array.from({ length: 10 }, async () => { while (next < wanted) await open(next++) }))
    for (let at = 0; at < events; at++) {
      await new Promise<void>((done) => {
        const stream = request({ host: url.hostname, port: url.port, path: '/live', agent: false, headers: { cookie: members[at % members.length]!.cookie } }, (answer) => { answer.on('data', () => {}).on('error', () => {}); done() })
        stream.on('error', () => done()).end()
        streams.add(stream)
      })
    }
    await pause(300)
    return { sockets: [...listeners].filter(({ readyState }) => readyState === WebSocket.OPEN).length, events: [...streams].filter((one) => !one.destroyed).length }
  },
  async dawdle({ heads, bodies, readers, cookie, page }: Extract<Wish, { do: 'dawdle' }>) {
    const open = (text: string) => {
      const socket = connect(Number(url.port), url.hostname)
      socket.on('error', () => {})
      socket.write(text)
      sockets.add(socket)
      return socket
    }
    for (let at = 0; at < heads; at++) open('GET / HTTP/1.1\r\nhost: here\r\nx-slow: ')
    for (let at = 0; at < bodies; at++) open(`POST /compose HTTP/1.1\r\nhost: here\r\ncookie: ${cookie}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 5000\r\n\r\ntext=a`)
    for (let at = 0; at < readers; at++) open(`GET ${page} HTTP/1.1\r\nhost: here\r\ncookie: ${cookie}\r\n\r\n`).pause()
    await pause(500)
    return { open: [...sockets].filter((one) => !one.destroyed).length }
  },
  async leave() {
    const told = heard
    for (const one of listeners) one.terminate()
    for (const one of streams) one.destroy()
    for (const one of sockets) one.destroy()
    listeners.clear()
    streams.clear()
    sockets.clear()
    return { heard: told }
  },
}

process.on('message', (wish: Wish) => {
  acts[wish.do](wish as never).then((answer) => process.send?.({ answer }), (error: unknown) => process.send?.({ error: String(error) }))
})
process.on('disconnect', () => process.exit())
