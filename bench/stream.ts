// node bench/stream.ts: a Hearth of its own with 1,000 followers, each with an open WebSocket. How long from the moment that
// an app sends a post until a follower's stream brings it: half the followers, and nearly all of them.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { createAccessToken } from '../src/server/domain/apps/index.ts'
import { follow } from '../src/server/domain/relationships/index.ts'
import { withApp } from '../src/server/start/open.ts'
import { person } from '../tests/people.ts'
import { freePort, startServer } from './load.ts'
import { median, tell } from './result.ts'
import { somethingNew } from './words.ts'

const followers = 1000
const posts = 40
const mostMs = 100

const folder = await mkdtemp(join(tmpdir(), 'hearth-bench-stream-'))
const port = await freePort()
const environment = { ...process.env, HEARTH_DATA: folder, PORT: String(port), HEARTH_RATE_LIMIT_SCALE: '1000', HEARTH_LOG: 'warn' }
const origin = `http://127.0.0.1:${port}`
const server = await startServer(join(import.meta.dirname, '../bin/hearth.js'), ['start'], environment, `${origin}/health/ready`)
try {
  const { author, tokens } = await withApp(environment, async (app) => {
    const mara = await person(app, 'mara')
    const made: string[] = []
    for (let at = 0; at < followers; at += 5) {
      made.push(...await Promise.all(Array.from({ length: 5 }, async (_, n) => {
        const one = await person(app, `follower${at + n}`)
        await follow(app, one, mara.id)
        return (await createAccessToken(app, one, 'read')).accessToken
      })))
    }
    return { author: (await createAccessToken(app, mara, 'read write')).accessToken, tokens: made }
  })
  const arrived = new Map<string, number[]>()
  // A thousand in one moment would be a rush, and be told to come again.
  const sockets: WebSocket[] = []
  for (let at = 0; at < followers; at += 20) sockets.push(...await Promise.all(tokens.slice(at, at + 20).map((token) => listen(token, arrived))))
  const [middle, nearly]: [number[], number[]] = [[], []]
  for (let n = 0; n < posts + 5; n++) {
    const text = `number ${n}:`
    const times: number[] = []
    arrived.set(text, times)
    const began = performance.now()
    const answer = await fetch(`${origin}/api/v1/statuses`, { method: 'POST', headers: { authorization: `Bearer ${author}`, 'content-type': 'application/json' }, body: JSON.stringify({ status: `${text} ${somethingNew()}`, visibility: 'public' }) })
    if (!answer.ok) throw new Error(`a post was answered with ${answer.status}: ${await answer.text()}`)
    await until(() => times.length === followers)
    const sorted = times.map((time) => time - began).sort((a, b) => a - b)
    if (n < 5) continue // warms up
    middle.push(sorted[followers / 2]!)
    nearly.push(sorted[Math.floor(followers * 0.99)]!)
  }
  tell({ name: `post to a follower's stream, median of ${followers} streams`, value: median(middle), unit: 'ms', most: mostMs })
  tell({ name: `post to 99 of 100 followers' streams`, value: median(nearly), unit: 'ms' })
  for (const socket of sockets) socket.terminate()
} finally {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}

/** One follower's stream: when each post came is written down by its text. */
function listen(token: string, arrived: Map<string, number[]>): Promise<WebSocket> {
  return new Promise((done, fail) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/streaming?stream=user&access_token=${token}`)
    socket.on('message', (data: Buffer) => {
      const now = performance.now()
      const text = /number \d+:/.exec(data.toString())?.[0]
      if (text) arrived.get(text)?.push(now)
    })
    socket.once('open', () => done(socket))
    socket.once('error', fail)
  })
}

async function until(is: () => boolean): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    if (is()) return
    await new Promise((done) => { setTimeout(done, 5) })
  }
  throw new Error('it took more than a minute')
}
