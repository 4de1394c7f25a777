import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'
import { vi } from 'vitest'

const within = new AsyncLocalStorage<string[]>()

/**
 * What the database was asked by `work` and what it calls, in order. What goes on beside it (connections that see whether they are
 * alive, a process that says it is there) is not its doing, and isn't told. Rejects as `work` does.
 */
export async function askedBy(work: () => Promise<unknown>): Promise<string[]> {
  const asked: string[] = []
  await watching((text) => within.getStore()?.push(text), () => within.run(asked, work))
  return asked
}

/** What this process asked the database while `work` went on, whoever asked: servers it called and jobs it set off, and what goes on anyway. Rejects as `work` does. */
export async function askedDuring(work: () => Promise<unknown>): Promise<Set<string>> {
  const asked = new Set<string>()
  await watching((text) => asked.add(text), work)
  return asked
}

async function watching(see: (text: string) => void, work: () => Promise<unknown>): Promise<void> {
  const ask: (...given: unknown[]) => unknown = pg.Client.prototype.query
  const watched = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...given: unknown[]) {
    const [first] = given
    see((typeof first === 'string' ? first : String((first as { text?: string }).text)).trim())
    return Reflect.apply(ask, this, given)
  })
  try {
    await work()
  } finally {
    watched.mockRestore()
  }
}
