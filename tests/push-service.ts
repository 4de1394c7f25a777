import { createECDH, createDecipheriv, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = { headers: IncomingHttpHeaders; body: Buffer; path: string }
/** What a device makes when it subscribes, and how it reads what comes. */
export type Device = { endpoint: string; keys: { p256dh: string; auth: string }; read(message: Received): Record<string, unknown> }
export type PushService = { host: string; received: Received[]; /** what the service answers from now on */ answer: { status: number; headers: Record<string, string> }; device(): Device; close(): void }

/** A push service of our own over HTTP, with devices that decrypt as RFC 8291 and its older draft say. */
export async function openPushService(): Promise<PushService> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(parts), path: request.url ?? '' })
      response.writeHead(service.answer.status, service.answer.headers).end()
    })
  })
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done) })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  let count = 0
  const service: PushService = {
    host, received, answer: { status: 201, headers: {} },
    device() {
      const own = createECDH('prime256v1')
      const [point, auth] = [own.generateKeys(), randomBytes(16)]
      return {
        endpoint: `http://${host}/${++count}`, keys: { p256dh: point.toString('base64url'), auth: auth.toString('base64url') },
        read: (message) => JSON.parse((message.headers['content-encoding'] === 'aesgcm' ? readDraft : readStandard)(message, own, point, auth)) as Record<string, unknown>,
      }
    },
    close() { server.closeAllConnections(); server.close() },
  }
  return service
}

type Curve = ReturnType<typeof createECDH>
const derive = (input: Buffer, salt: Buffer, info: Buffer | string, length: number) => Buffer.from(hkdfSync('sha256', input, salt, Buffer.from(info), length))
function open(cipherText: Buffer, key: Buffer, nonce: Buffer): Buffer {
  const decipher = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(cipherText.subarray(-16))
  return Buffer.concat([decipher.update(cipherText.subarray(0, -16)), decipher.final()])
}

function readStandard({ body }: Received, own: Curve, point: Buffer, auth: Buffer): string {
  const [salt, idLength] = [body.subarray(0, 16), body[20] ?? 0]
  const sender = body.subarray(21, 21 + idLength)
  const input = derive(own.computeSecret(sender), auth, Buffer.concat([Buffer.from('WebPush: info\0'), point, sender]), 32)
  const plain = open(body.subarray(21 + idLength), derive(input, salt, 'Content-Encoding: aes128gcm\0', 16), derive(input, salt, 'Content-Encoding: nonce\0', 12))
  return plain.subarray(0, plain.lastIndexOf(2)).toString('utf8')
}

function readDraft({ headers, body }: Received, own: Curve, point: Buffer, auth: Buffer): string {
  const salt = Buffer.from(/salt=([\w-]+)/.exec(String(headers['encryption']))?.[1] ?? '', 'base64url')
  const sender = Buffer.from(/dh=([\w-]+)/.exec(String(headers['crypto-key']))?.[1] ?? '', 'base64url')
  const sized = (key: Buffer) => Buffer.concat([Buffer.from([key.length >> 8, key.length & 255]), key])
  const context = Buffer.concat([Buffer.from('P-256\0'), sized(point), sized(sender)])
  const input = derive(own.computeSecret(sender), auth, 'Content-Encoding: auth\0', 32)
  const info = (name: string) => Buffer.concat([Buffer.from(`Content-Encoding: ${name}\0`), context])
  const plain = open(body, derive(input, salt, info('aesgcm'), 16), derive(input, salt, info('nonce'), 12))
  return plain.subarray(2 + plain.readUInt16BE(0)).toString('utf8')
}

/** Whom the server says it is (RFC 8292); null when the signature isn't by the given key. */
export function signedBy({ headers }: Received, serverKey: string): { aud: string; exp: number; sub: string } | null {
  const token = /(?:vapid t=|WebPush )([\w.-]+)/.exec(String(headers['authorization']))?.[1] ?? ''
  const [head = '', body = '', signature = ''] = token.split('.')
  const point = Buffer.from(serverKey, 'base64url')
  const key = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') } })
  const good = verify('sha256', Buffer.from(`${head}.${body}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
  return good ? JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as { aud: string; exp: number; sub: string } : null
}
