// A worker for tests: says what it can see of its parent's environment.
import { serveTask } from '../../../src/server/platform/child/worker.ts'

serveTask(async () => Object.keys(process.env), 'never')
