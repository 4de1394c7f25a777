import type pg from 'pg'

/** One question, asked again and again on a connection of its own. */
export type Asker<Row> = {
  /** An answer to a question that was put after this call; all who ask at once share it. Rejects when there is none in time. */
  ask(): Promise<Row>
  close(): void
}

/** `greet` runs on each new connection; what it throws ends that. */
export function asker<Row extends pg.QueryResultRow>(connect: () => pg.Client, text: string, greet: (client: pg.Client) => Promise<void> = async () => {}): Asker<Row> {
  let client: Promise<pg.Client> | undefined
  let asked: Promise<Row> | undefined
  let next: Promise<Row> | undefined
  const open = async () => {
    const fresh = connect()
    fresh.on('error', () => {})
    fresh.once('end', () => { client = undefined })
    try {
      await fresh.connect()
      await greet(fresh)
      return fresh
    } catch (error) {
      fresh.end().catch(() => {})
      throw error
    }
  }
  const question = async (): Promise<Row> => {
    const on = client ??= open()
    try {
      const { rows } = await (await on).query<Row>(text)
      return rows[0]!
    } catch (error) {
      // It may hang: the next question finds another connection.
      if (client === on) client = undefined
      on.then((old) => old.end(), () => {}).catch(() => {})
      throw error
    }
  }
  const begin = () => asked = question().finally(() => { asked = undefined })
  return {
    ask() {
      if (!asked) return begin()
      next ??= asked.catch(() => {}).then(() => {
        next = undefined
        return begin()
      })
      return next
    },
    close() { client?.then((old) => old.end(), () => {}).catch(() => {}) },
  }
}
