import pg from 'pg'
import { vi } from 'vitest'

/** What the database was asked while `work` went on, in order. Rejects as `work` does. */
export async function askedBy(work: () => Promise<unknown>): Promise<string[]> {
  const query = vi.spyOn(pg.Client.prototype, 'query')
  try {
    await work()
    return query.mock.calls.map(([first]: unknown[]) => (typeof first === 'string' ? first : String((first as { text?: string }).text)).trim())
  } finally {
    query.mockRestore()
  }
}
