import type pg from 'pg'
import { keepConnection } from '../db/keep.ts'
import type { Log } from '../log/index.ts'
import type { Hearer } from './carriers.ts'

export const channel = 'hearth'

/** Listens to the database's own signals. Reconnects by itself when it was away. */
export async function listenToPostgres(connect: () => pg.Client, log: Log, { hear, missed }: Pick<Hearer, 'hear' | 'missed'>): Promise<{ close(): Promise<void> }> {
  let opened = false
  return keepConnection(connect, log, {
    name: 'signals',
    async onOpen(client) {
      client.on('notification', ({ payload }) => hear(payload ?? '{}'))
      await client.query(`listen ${channel}`)
      if (opened) missed()
      opened = true
    },
  })
}
