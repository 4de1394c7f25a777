import { createECDH } from 'node:crypto'
import webPush from 'web-push'

export type PushKeys = { publicKey: string; privateKey: string }
/** Where a browser or an app wants its messages; keys in base64url. */
export type PushTarget = { endpoint: string; p256dh: string; auth: string; /** RFC 8291; otherwise the draft that older apps read */ standard: boolean }
export type PushRequest = { url: string; method: 'POST'; headers: Record<string, string>; body: Buffer }

/** The pair by which push services know a server. */
export const makePushKeys = (): PushKeys => webPush.generateVAPIDKeys()

/** Could messages be encrypted for these keys? A point of the curve P-256, and a secret of at least 16 bytes. */
export function goodPushKeys(p256dh: string, auth: string): boolean {
  const [point, secret] = [Buffer.from(p256dh, 'base64url'), Buffer.from(auth, 'base64url')]
  if (point.length !== 65 || secret.length < 16 || secret.length > 64) return false
  try {
    const own = createECDH('prime256v1')
    own.generateKeys()
    own.computeSecret(point)
    return true
  } catch {
    return false
  }
}

/**
 * A message as the push service takes it: encrypted for the target alone, signed with the server's key. `subject` is a mailto:
 * or https: address of who runs the server; `seconds` how long the service keeps trying; one of the same `topic` replaces one that waits.
 */
export function pushRequest(target: PushTarget, message: string, more: { keys: PushKeys; subject: string; seconds: number; topic: string }): PushRequest {
  const { endpoint, headers, body } = webPush.generateRequestDetails({ endpoint: target.endpoint, keys: { p256dh: target.p256dh, auth: target.auth } }, message, {
    vapidDetails: { subject: more.subject, ...more.keys }, TTL: more.seconds, contentEncoding: target.standard ? 'aes128gcm' : 'aesgcm', urgency: 'normal', topic: more.topic,
  })
  return { url: endpoint, method: 'POST', headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])), body: Buffer.from(body ?? '') }
}
