import { connect } from 'node:net'
import { serveTask } from '../../../src/server/platform/child/worker.ts'

/** Tries to reach a port of this machine. */
serveTask((port) => new Promise((done) => {
  const socket = connect(Number(port), '127.0.0.1')
  socket.once('connect', () => done('reached')).once('error', (error: NodeJS.ErrnoException) => done(error.code))
}), 'broken')
