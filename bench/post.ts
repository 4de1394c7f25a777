// node bench/post.ts: a Hearth of its own whose authors have 10, 1,000 and 100,000 followers. How long a post of each takes to be
// answered, and until it is in a follower's home timeline; and whether others read any slower while the one with the crowd posts.
import { Agent, request } from 'node:http'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAccessToken } from '../src/server/domain/apps/index.ts'
import type { App } from '../src/server/app.ts'
import { withApp } from '../src/server/start/open.ts'
import { person } from '../tests/people.ts'
import { freePort, startServer } from './load.ts'
import { median, tell } from './result.ts'
import { somethingNew } from './words.ts'

/** how many followers, and how many such authors */
const crowds = [{ followers: 10, authors: 30 }, { followers: 1_000, authors: 30 }, { followers: 100_000, authors: 1 }]
const rounds = 30
const warming = 60
const folder = await mkdtemp(join(tmpdir(), 'hearth-bench-post-'))
const port = await freePort()
const origin = `http://127.0.0.1:${port}`
const agent = new Agent({ keepAlive: true })
const environment = { ...process.env, HEARTH_DATA: folder, PORT: String(port), HEARTH_RATE_LIMIT_SCALE: '1000000', HEARTH_LOG: 'warn' }

const server = await startServer(join(import.meta.dirname, '../bin/hearth.js'), ['start'], environment, `${origin}/health/ready`)
try {
  const { kinds, follower, bystander, question } = await withApp(environment, cast)
  // A server runs for months: what is often run is compiled. The one with the crowd rests meanwhile.
  for (let turn = 0; turn < warming; turn++) {
    for (const { tokens } of kinds) if (tokens.length > 1) await post(tokens[turn % tokens.length]!, somethingNew())
    await idle(follower)
  }
  const answers = kinds.map((): number[] => [])
  const homes = kinds.map((): number[] => [])
  for (let turn = 0; turn < rounds; turn++) {
    for (const [at, { tokens }] of kinds.entries()) {
      const text = somethingNew()
      const began = performance.now()
      await post(tokens[turn % tokens.length]!, text)
      answers[at]!.push(performance.now() - began)
      if (!(await home(follower)).includes(text)) throw new Error('a post that was answered is not in a follower’s home')
      homes[at]!.push(performance.now() - began)
      // What a post leads to is done by the same two cores: the next one doesn't wait for it.
      await idle(follower)
    }
  }
  tell({ name: 'the machine’s pace: an empty question to the database, there and back, median', value: question, unit: 'ms' })
  for (const [at, { followers }] of kinds.entries()) {
    const who = `author with ${followers.toLocaleString('en')} followers`
    tell({ name: `${who}: a post is answered, median`, value: median(answers[at]!), unit: 'ms', ...(followers === 1_000 ? { most: 10 } : {}) })
    if (followers === 1_000) tell({ name: `${who}: that is as long as so many empty questions`, value: median(answers[at]!) / question, unit: 'questions', most: 50 })
    tell({ name: `${who}: and stands in a follower’s home, median`, value: median(homes[at]!), unit: 'ms', ...(followers === 1_000 ? { most: 250 } : {}) })
  }
  tell({ name: 'a post to 100,000 costs, beside one to 10', value: median(answers[2]!) / median(answers[0]!), unit: 'times', most: 1.5 })
  const few = await readsWhile(bystander, () => post(kinds[0]!.tokens[0]!, somethingNew()))
  const many = await readsWhile(bystander, () => post(kinds[2]!.tokens[0]!, somethingNew()))
  tell({ name: 'somebody else’s home while a post goes to 100,000, beside to 10', value: many / few, unit: 'times', most: 1.5 })
} finally {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}

/** Authors whose crowds are rows like any others; one real follower of all of them, and one of nobody. */
async function cast(app: App) {
  const follower = await person(app, 'follower')
  const bystander = await person(app, 'bystander')
  const token = async (one: Parameters<typeof createAccessToken>[1]) => (await createAccessToken(app, one, 'read write')).accessToken
  const sql = app.database.pool
  const first = BigInt(app.newId()) - (1n << 40n)
  await sql.query(`insert into accounts (id, username, username_key, username_skeleton, state) select $1::bigint + n, 'fan' || n, 'fan' || n, 'fan' || n, 'active' from generate_series(1, $2::int) n`, [first, crowds.at(-1)!.followers])
  const kinds: { followers: number; tokens: string[] }[] = []
  for (const { followers, authors } of crowds) {
    const tokens: string[] = []
    for (let one = 0; one < authors; one++) {
      const author = await person(app, `author${followers}of${one}`)
      const from = BigInt(app.newId())
      await sql.query('insert into follows (id, follower_id, followed_id) select $1::bigint - n, $2::bigint + n, $3 from generate_series(1, $4::int) n', [from, first, author.id, followers - 1])
      await sql.query('insert into follows (id, follower_id, followed_id) values ($1, $2, $3)', [app.newId(), follower.id, author.id])
      // Somebody whom many follow is no newcomer: those are looked at for their pace.
      await sql.query(`update accounts set followers_count = $2, created_at = created_at - interval '90 days' where id = $1`, [author.id, followers])
      await sql.query('insert into trust (account_id, level, changed_at, checked_at) values ($1, 2, now(), now()) on conflict (account_id) do update set level = 2, checked_at = now()', [author.id])
      tokens.push(await token(author))
    }
    kinds.push({ followers, tokens })
  }
  await sql.query('analyze')
  const questions: number[] = []
  for (let turn = 0; turn < 300; turn++) {
    const began = performance.now()
    await sql.query('select 1')
    questions.push(performance.now() - began)
  }
  return { kinds, follower: await token(follower), bystander: await token(bystander), question: median(questions) }
}

/** Some reads later what a post led to is done. */
async function idle(token: string): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await home(token)
}

/** The median of another member's reads of home while `act` goes on again and again. */
async function readsWhile(token: string, act: () => Promise<unknown>): Promise<number> {
  let going = true
  const acting = (async () => { while (going) await act() })()
  const times: number[] = []
  for (let turn = 0; turn < 150; turn++) {
    const began = performance.now()
    await home(token)
    times.push(performance.now() - began)
  }
  going = false
  await acting
  return median(times)
}

/** A plain client on one connection: a clever one costs half as much as what it asks for. */
function ask(method: string, path: string, token: string, body?: object): Promise<string> {
  return new Promise((done, fail) => {
    const sent = request(`${origin}${path}`, { method, agent, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } }, (answer) => {
      let said = ''
      answer.setEncoding('utf8').on('data', (part: string) => { said += part }).on('error', fail)
      answer.on('end', () => answer.statusCode === 200 ? done(said) : fail(new Error(`${method} ${path} was answered with ${answer.statusCode}: ${said}`)))
    })
    sent.on('error', fail)
    sent.end(body && JSON.stringify(body))
  })
}

function post(token: string, status: string): Promise<string> {
  return ask('POST', '/api/v1/statuses', token, { status, visibility: 'public' })
}
function home(token: string): Promise<string> {
  return ask('GET', '/api/v1/timelines/home?limit=5', token)
}
