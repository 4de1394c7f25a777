import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import type { App } from '../app.ts'
import { countryOf, openCountries } from '../platform/place/index.ts'

/** What every request passes first: what is true about where it comes from, in headers nobody outside can set; then, asked from there, the work. */
export type Arrive = <Result>(request: IncomingMessage, work: () => Result) => Result

/** Made once a process. Throws where the operator's own database of countries can't be read. */
export async function arrivals(app: App): Promise<Arrive> {
  const known = app.caches.get('arrivals') as Arrive | undefined
  if (known) return known
  const proxies = new BlockList()
  for (const entry of app.config.trustedProxies) {
    const [address = '', bits] = entry.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits) proxies.addSubnet(address, Number(bits), family)
    else proxies.addAddress(address, family)
  }
  const publicUrl = new URL(app.config.publicUrl)
  const countries = await openCountries(app.config.country.database ?? undefined)
  const arrive: Arrive = (request, work) => {
    setOrigin(request, publicUrl, proxies, app.config.country.header)
    const { 'x-hearth-country': said, 'x-hearth-address': address } = request.headers
    // As a trusted proxy says, otherwise by the address. Looked up only when somebody wants to know.
    return app.place.from(() => countryOf(said) ?? countries.of(String(address)), work, String(address))
  }
  app.caches.set('arrivals', arrive)
  return arrive
}

/** Believes forwarded headers only from configured proxies, then hands what is true to the pages in headers nobody outside can set. */
function setOrigin(request: IncomingMessage, publicUrl: URL, proxies: BlockList, countryHeader: string | null): void {
  const peer = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  const trusted = peer !== '' && proxies.check(peer, isIP(peer) === 6 ? 'ipv6' : 'ipv4')
  const forwarded = (name: string) => trusted ? String(request.headers[name] ?? '').split(',').at(-1)?.trim() : undefined
  request.headers['x-hearth-address'] = forwarded('x-forwarded-for') || peer || '0.0.0.0'
  request.headers['x-hearth-protocol'] = forwarded('x-forwarded-proto') || publicUrl.protocol.slice(0, -1)
  request.headers['x-hearth-host'] = forwarded('x-forwarded-host') || request.headers.host || publicUrl.host
  request.headers['x-hearth-country'] = (countryHeader && countryOf(forwarded(countryHeader))) ?? ''
  // Node makes these ahead, many at once.
  request.headers['x-request-id'] = randomUUID()
}
