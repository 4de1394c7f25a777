import { Worker } from 'node:worker_threads'
import { asWords, bytesOf, wordsOf } from './brute.ts'
import { hashSet } from './set.ts'
import type { Answer } from './set.ts'

export { asWords, findByAll } from './brute.ts'
export { mostDistance } from './segment.ts'

/** A hash of the set; `query` is the place of what was asked. */
export type Hit = { query: number; key: Buffer; distance: number }

export type Nearest = {
  /** Hashes of 32 bytes, one after the other. */
  add(hashes: Buffer): Promise<void>
  /** Every hash at most `most` (up to 31) bits from each query, none left out. A hash that was added twice may come twice. */
  find(queries: Buffer[], most: number): Promise<Hit[]>
  size(): Promise<{ count: number; bytes: number }>
  /** Into a file, whole or not at all. */
  save(path: string): Promise<void>
  /** Adds what a file holds; false where it isn't there or isn't whole. */
  load(path: string): Promise<boolean>
  /** Frees the memory. What is asked afterwards is rejected. */
  close(): Promise<void>
}

type Ask = { what: 'add'; hashes: Int32Array[] } | { what: 'find'; queries: Int32Array; most: number } | { what: 'size' } | { what: 'save' | 'load'; path: string }
export type Asked = Ask & { id: number }
export type Told = { id: number; result?: unknown; error?: string }

/** Eight turns of one picture against so many take about 2 ms: no longer than a page takes to be made. More live in a thread. */
const mostHere = 10_000

/** A set of hashes of 256 bits that finds near ones. Small ones live here, larger ones in a thread, so that nobody waits for a look-up. */
export function openNearest(options: { mostHere?: number } = {}): Nearest {
  const most = options.mostHere ?? mostHere
  let here = hashSet()
  let kept: Int32Array[] = []
  let thread: Thread | undefined
  /** Everything that is here moves into the thread. */
  const move = async (): Promise<Thread> => {
    if (thread) return thread
    thread = startThread()
    const hashes = kept
    kept = []
    here = hashSet()
    if (hashes.length) await thread.ask({ what: 'add', hashes })
    return thread
  }
  return {
    async add(hashes) {
      if (hashes.length === 0) return
      const words = asWords(hashes)
      if (!thread && here.count() + words.length / wordsOf <= most) {
        kept.push(words)
        return here.add(words)
      }
      await (await move()).ask({ what: 'add', hashes: [words] })
    },
    async find(queries, within) {
      if (queries.length === 0) return []
      const asked = asWords(Buffer.concat(queries))
      const { keys, queries: places, distances } = thread ? await thread.ask({ what: 'find', queries: asked, most: within }) as Answer : here.find(asked, within)
      const bytes = Buffer.from(keys.buffer, keys.byteOffset, keys.byteLength)
      return places.map((query, at) => ({ query, distance: distances[at]!, key: bytes.subarray(at * bytesOf, (at + 1) * bytesOf) }))
    },
    async size() {
      return thread ? await thread.ask({ what: 'size' }) as { count: number; bytes: number } : { count: here.count(), bytes: here.bytes() }
    },
    save: async (path) => { await (await move()).ask({ what: 'save', path }) },
    load: async (path) => await (await move()).ask({ what: 'load', path }) === true,
    async close() {
      kept = []
      here = hashSet()
      await thread?.end()
    },
  }
}

type Thread = { ask(question: Ask): Promise<unknown>; end(): Promise<void> }

/** The thread keeps this process alive only while somebody waits for an answer. */
function startThread(): Thread {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 4096 } })
  worker.unref()
  type Waiting = { done(result: unknown): void; fail(error: Error): void }
  const waiting = new Map<number, Waiting>()
  let last = 0
  let ended: Error | undefined
  const failAll = (error: Error) => {
    ended ??= error
    for (const one of waiting.values()) one.fail(error)
    waiting.clear()
  }
  worker.on('message', ({ id, result, error }: Told) => {
    const one = waiting.get(id)
    waiting.delete(id)
    if (waiting.size === 0) worker.unref()
    if (error === undefined) one?.done(result)
    else one?.fail(new Error(error))
  })
  worker.on('error', (error) => failAll(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', () => failAll(new Error('the thread of the index has ended')))
  return {
    ask: (question) => new Promise((done, fail) => {
      if (ended) return fail(ended)
      const id = ++last
      waiting.set(id, { done, fail })
      worker.ref()
      worker.postMessage({ ...question, id } satisfies Asked)
    }),
    async end() {
      failAll(new Error('the index is closed'))
      await worker.terminate()
    },
  }
}
