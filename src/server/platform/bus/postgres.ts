import type pg from 'pg'
import type { Hearer } from './carriers.ts'

export const channel = 'hearth'

/** Listens to the database's own signals. Reconnects by itself when it was away. */
export async function listenToPostgres(connect: () => pg.Client, { hear, missed }: Pick<Hearer, 'hear' | 'missed'>): Promise<{ close(): Promise<void> }> {
  let client: pg.Client | undefined
  let closed = false
  const open = async (): Promise<void> => {
    const fresh = connect()
    fresh.on('notification', ({ payload }) => hear(payload ?? '{}'))
    fresh.on('error', () => {})
    fresh.once('end', () => { if (!closed) setTimeout(() => { open().catch(() => {}) }, 500).unref() })
    try {
      await fresh.connect()
      await fresh.query(`listen ${channel}`)
      if (client) missed()
      client = fresh
    } catch (error) {
      if (!client) throw error
      setTimeout(() => { if (!closed) open().catch(() => {}) }, 1000).unref()
    }
  }
  await open()
  return { async close() { closed = true; await client?.end().catch(() => {}) } }
}
