/** Carries signals between processes beside the database. */
export type Carrier = {
  /** Resolves once the carrier has them; rejects when that isn't known within a second. */
  send(payloads: string[]): Promise<void>
  close(): Promise<void>
}

/** What comes. `missed`: something may have come that wasn't heard. */
export type Hearer = { hear(payload: string): void; missed(): void; trouble(error: unknown): void }

export const patienceMs = 1000

/** Rejects when it takes longer than people should wait. */
export async function soon<Result>(work: Promise<Result>, ms = patienceMs): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms) })
  try { return await Promise.race([work, late]) } finally { clearTimeout(timer) }
}
