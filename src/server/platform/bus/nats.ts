import { connect } from '@nats-io/transport-node'
import type { NatsConnection } from '@nats-io/transport-node'
import { soon } from './carriers.ts'
import type { Carrier, Hearer } from './carriers.ts'

const subject = 'hearth'
const firstMs = 3_000

/** Signals over NATS. What is said while a process is away it doesn't hear: it is told that it missed something. */
export async function openNats(url: string, { hear, missed, trouble }: Hearer): Promise<Carrier> {
  const { username, password, host } = new URL(url)
  let nats: NatsConnection | undefined
  let there = false
  const opening = connect({ servers: host, ...username ? { user: decodeURIComponent(username), pass: decodeURIComponent(password) } : {}, maxReconnectAttempts: -1, waitOnFirstConnect: true, reconnectTimeWait: 250, pingInterval: 4_000, maxPingOut: 2, timeout: 2_000 })
    .then(async (made) => {
      nats = made
      made.subscribe(subject, { callback: (error, message) => { if (error) trouble(error); else hear(message.string()) } })
      await made.flush()
      there = true
      void watch(made)
    })
  const watch = async (made: NatsConnection) => {
    for await (const { type } of made.status()) {
      if (type === 'disconnect') { there = false; trouble(new Error('NATS is away')) }
      if (type === 'reconnect') { there = true; missed() }
    }
  }
  opening.catch(trouble)
  const late = await soon(opening, firstMs).then(() => false, () => true)
  if (late) opening.then(missed, () => {})
  return {
    async send(payloads) {
      if (!nats || !there) throw new Error('NATS is away')
      for (const payload of payloads) nats.publish(subject, payload)
      await soon(nats.flush())
    },
    async close() { await nats?.close() },
  }
}
