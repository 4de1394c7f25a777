import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { openTown } from './town.ts'
import type { Town } from './town.ts'

let town: Town
beforeAll(async () => { town = await openTown() })
afterAll(() => town.close())

test('asked to stop amid a rush of apps that open their streams, it ends in order, whatever each of them was at', async () => {
  const server = await town.start()
  await town.hearth('account', 'create', 'mara')
  const { access_token: token } = JSON.parse(await town.hearth('token', 'create', '--account', 'mara', '--json')) as { access_token: string }
  const sockets = Array.from({ length: 400 }, () => new WebSocket(`${server.url.replace('http', 'ws')}/api/v1/streaming?stream=user&access_token=${token}`))
  for (const socket of sockets) socket.on('error', () => {})
  await new Promise((done) => { for (const socket of sockets) socket.once('open', done) })
  server.child.kill('SIGTERM')
  expect(await server.ended).toBe(0)
  for (const socket of sockets) socket.terminate()
}, 60_000)
