import { lookup } from 'node:dns/promises'
import { request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import { BlockList, isIP } from 'node:net'
import type { App } from '#server/app.ts'
import type { PushRequest } from '#server/platform/webpush/index.ts'

export type Delivered = { status: number; /** seconds, where the service said how long to wait */ retryAfter: number | null }
const longest = 15_000 // ms in all

const inside = new BlockList()
for (const [net, bits] of [['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.0.2.0', 24], ['192.88.99.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 3]] as const) inside.addSubnet(net, bits, 'ipv4')
const outside = new BlockList()
outside.addSubnet('2000::', 3, 'ipv6')
for (const [net, bits] of [['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20]] as const) inside.addSubnet(net, bits, 'ipv6')

/** Hands one message to a push service. Only addresses of the wide internet are reached, the checked one and no other; answers are not read. Rejects when there is none in time. */
export async function deliver(app: App, { url: address, method, headers, body }: PushRequest): Promise<Delivered> {
  const url = new URL(address)
  const allowed = app.config.fetchAllow.includes(url.host)
  if (!allowed && (url.protocol !== 'https:' || url.port !== '')) throw new Error('not an address of a push service')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const found = await lookup(host, { all: true })
  if (!allowed && !found.every(isGlobal)) throw new Error('an address inside the network')
  const [to] = found
  if (!to) throw new Error('no address')
  return new Promise((done, fail) => {
    const call = (url.protocol === 'https:' ? overHttps : overHttp)(url, {
      method, headers, agent: false, signal: AbortSignal.timeout(longest),
      lookup: (_host, options, answer) => { if (options.all) answer(null, [to]); else answer(null, to.address, to.family) },
    }, (response) => {
      response.destroy()
      done({ status: response.statusCode ?? 0, retryAfter: secondsOf(response.headers['retry-after'], app.now()) })
    })
    call.on('error', fail)
    call.end(body)
  })
}

const isGlobal = ({ address }: { address: string }) => isIP(address) === 4 ? !inside.check(address, 'ipv4') : outside.check(address, 'ipv6') && !inside.check(address, 'ipv6')

/** Retry-After is a number of seconds or a date. */
function secondsOf(text: string | undefined, now: Date): number | null {
  if (!text) return null
  const seconds = /^\d{1,9}$/.test(text.trim()) ? Number(text) : (Date.parse(text) - now.getTime()) / 1000
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : null
}
