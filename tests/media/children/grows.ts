// A worker for tests: takes more and more memory outside of JavaScript's own.
import { serveTask } from '../../../src/server/platform/child/worker.ts'

serveTask(() => new Promise(() => {
  const kept: Buffer[] = []
  setInterval(() => { kept.push(Buffer.alloc(20 * 1024 * 1024, 1)) }, 5)
}), 'never')
