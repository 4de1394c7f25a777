import { refuse, serveTask } from '../../../src/server/platform/child/worker.ts'

let done = 0
serveTask(async (task) => {
  if (task === 'bad') throw refuse('imageBroken')
  return { pid: process.pid, done: ++done }
}, 'imageBroken')
