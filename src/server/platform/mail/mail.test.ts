import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'

const received: { to: string[]; text: string }[] = []
let refuses = false
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onRcptTo: (_address, _session, done) => done(refuses ? Object.assign(new Error('no such box'), { responseCode: 550 }) : null),
  onData(stream, session, done) {
    const parts: Buffer[] = []
    stream.on('data', (part: Buffer) => parts.push(part))
    stream.on('end', () => { received.push({ to: session.envelope.rcptTo.map((one) => one.address), text: Buffer.concat(parts).toString() }); done() })
  },
})

let world: World
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.server.address() as AddressInfo
  world = await openWorld({ SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'town@example.org' })
})
afterAll(async () => {
  await world.close()
  await new Promise<void>((done) => server.close(done))
})

const { post, box } = {
  post: (to: string) => world.app.database.inTransaction((tx) => world.app.mailer.post(tx, { to, subject: 'Willkommen · مرحبًا', text: 'https://town.example/reset?token=secret', kind: 'reset' })),
  box: () => world.app.database.queries.selectFrom('outbox_mails').select(['to_address', 'state', 'body_text', 'error']).orderBy('id', 'desc').executeTakeFirstOrThrow(),
}

test('a letter goes out by a job after the commit, and its link does not stay in the outbox', async () => {
  await post('olga@example.org')
  expect(received).toEqual([])
  await world.work()
  expect(received).toHaveLength(1)
  expect(received[0]!.to).toEqual(['olga@example.org'])
  expect(received[0]!.text).toContain('From: town@example.org')
  expect(received[0]!.text.replace(/=\r\n/g, '').replaceAll('=3D', '=')).toContain('token=secret')
  expect(await box()).toMatchObject({ state: 'sent', body_text: '' })
})

test('a letter of a transaction that was rolled back was never written', async () => {
  await world.app.database.inTransaction(async (tx) => {
    await world.app.mailer.post(tx, { to: 'nobody@example.org', subject: 'x', text: 'x', kind: 'reset' })
    throw new Error('no')
  }).catch(() => {})
  await world.work()
  expect(received).toHaveLength(1)
})

test('a letter that the server refuses is kept with the reason, and goes out when it is tried again', async () => {
  refuses = true
  await post('bram@example.org')
  await expect(world.work()).rejects.toThrow()
  expect(await box()).toMatchObject({ state: 'failed', to_address: 'bram@example.org' })
  expect((await box()).error).toContain('no such box')
  refuses = false
  await world.app.database.pool.query('update graphile_worker._private_jobs set run_at = now() - interval \'1 minute\', locked_at = null, locked_by = null')
  await world.work()
  expect(await box()).toMatchObject({ state: 'sent' })
  expect(received).toHaveLength(2)
})
