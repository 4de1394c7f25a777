import { parentPort } from 'node:worker_threads'
import type { Asked, Told } from './index.ts'
import { hashSet } from './set.ts'

/** The thread that keeps the hashes: one question after the other. */
const set = hashSet()
const port = parentPort
if (!port) throw new Error('this file is a thread of nearest/index.ts')

let turn: Promise<void> = Promise.resolve()
port.on('message', (asked: Asked) => {
  turn = turn.then(async () => {
    try {
      port.postMessage({ id: asked.id, result: await answer(asked) } satisfies Told)
    } catch (error) {
      port.postMessage({ id: asked.id, error: error instanceof Error ? error.message : String(error) } satisfies Told)
    }
  })
})

async function answer(asked: Asked): Promise<unknown> {
  switch (asked.what) {
    case 'add': for (const hashes of asked.hashes) set.add(hashes); return { count: set.count(), bytes: set.bytes() }
    case 'find': return set.find(asked.queries, asked.most)
    case 'size': return { count: set.count(), bytes: set.bytes() }
    case 'save': return set.save(asked.path)
    case 'load': return set.load(asked.path)
  }
}
