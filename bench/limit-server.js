// The limit line: the same HTTP framework with the same token check, answering the same bytes from memory.
// Asked with PORT, TOKEN, and BODY (a file).
import { createHash, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import Fastify from 'fastify'

const body = readFileSync(process.env.BODY)
const objects = JSON.parse(body.toString('utf8'))
const good = createHash('sha256').update(process.env.TOKEN).digest()
const server = Fastify({ logger: false })
const check = (request) => {
  const token = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
  if (!timingSafeEqual(createHash('sha256').update(token).digest(), good)) throw new Error('who are you?')
}
server.get('/ready', async () => ({}))
server.get('/buffer', async (request, reply) => { check(request); return reply.header('content-type', 'application/json; charset=utf-8').send(body) })
server.get('/objects', async (request) => { check(request); return objects })
await server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
