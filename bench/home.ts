// node bench/home.ts [--data DIR]: how long a home page takes on a seeded community, at the median.
import { findAccountByUsername } from '../src/server/domain/accounts/index.ts'
import { homeTimeline } from '../src/server/domain/timelines/index.ts'
import { openSession, sessionCookie } from '../src/server/domain/sessions/index.ts'
import { withApp } from '../src/server/start/open.ts'

const at = process.argv.indexOf('--data')
const environment = { ...process.env, ...(at > 0 ? { HEARTH_DATA: process.argv[at + 1] } : {}) }
const rounds = 200

const quantile = (times: number[], part: number) => [...times].sort((a, b) => a - b)[Math.floor(times.length * part)]!.toFixed(1)

async function measure(label: string, act: () => Promise<unknown>): Promise<void> {
  for (let round = 0; round < 20; round++) await act()
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const began = performance.now()
    await act()
    times.push(performance.now() - began)
  }
  console.log(`${label}: median ${quantile(times, 0.5)} ms, 95 % ${quantile(times, 0.95)} ms (${rounds} times)`)
}

await withApp(environment, async (app, { serverRuns }) => {
  const mara = await findAccountByUsername(app, 'mara')
  if (!mara) throw new Error('There is no mara here: seed this folder first.')
  await measure('homeTimeline of mara', () => homeTimeline(app, mara))
  if (!serverRuns) return console.log('No server runs on this folder: GET / was not measured.')
  const { token } = await openSession(app, app.database.queries, mara.id, 'bench/home.ts')
  const cookie = `${sessionCookie(app)}=${token}`
  const address = `http://${process.env.HOST ?? '127.0.0.1'}:${process.env.PORT ?? 3000}/`
  await measure(`GET ${address} signed in`, async () => {
    const answer = await fetch(address, { headers: { cookie } })
    if (!(await answer.text()).includes('mara')) throw new Error(`GET / answered ${answer.status} without mara`)
  })
})
