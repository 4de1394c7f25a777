import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest()
const counted = (count: number) => { const bytes = Buffer.alloc(4); bytes.writeUInt32BE(count); return bytes }

/** A passkey in software, as a browser would answer for it. `verifies`: it has seen a finger or a PIN. */
export function authenticator(publicUrl: string, verifies = true) {
  const { origin, hostname } = new URL(publicUrl)
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x, y } = publicKey.export({ format: 'jwk' })
  const id = randomBytes(16)
  let used = 0
  const client = (type: string, challenge: string, from = origin) => Buffer.from(JSON.stringify({ type, challenge, origin: from, crossOrigin: false }))
  const flags = (more: number, verified = verifies) => Buffer.from([1 | (verified ? 4 : 0) | more])
  const shape = (response: object) => JSON.stringify({ id: id.toString('base64url'), rawId: id.toString('base64url'), type: 'public-key', clientExtensionResults: {}, response })
  return {
    make(challenge: string, from?: string): string {
      const key = isoCBOR.encode(new Map<number, number | Uint8Array<ArrayBuffer>>([[1, 2], [3, -7], [-1, 1], [-2, new Uint8Array(Buffer.from(x!, 'base64url'))], [-3, new Uint8Array(Buffer.from(y!, 'base64url'))]]))
      const data = Buffer.concat([sha256(hostname), flags(0x40), counted(used), Buffer.alloc(16), Buffer.from([0, id.length]), id, key])
      const attestation = isoCBOR.encode(new Map<string, unknown>([['fmt', 'none'], ['attStmt', new Map()], ['authData', new Uint8Array(data)]]) as never)
      return shape({ clientDataJSON: client('webauthn.create', challenge, from).toString('base64url'), attestationObject: Buffer.from(attestation).toString('base64url'), transports: ['internal'] })
    },
    use(challenge: string, from?: string, verified = verifies): string {
      const data = Buffer.concat([sha256(hostname), flags(0, verified), counted(++used)])
      const said = client('webauthn.get', challenge, from)
      const signature = createSign('sha256').update(Buffer.concat([data, sha256(said)])).sign(privateKey)
      return shape({ clientDataJSON: said.toString('base64url'), authenticatorData: data.toString('base64url'), signature: signature.toString('base64url') })
    },
  }
}
