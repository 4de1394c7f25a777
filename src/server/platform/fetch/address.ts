import { BlockList, isIP } from 'node:net'

const inside = new BlockList()
const networks = ['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24',
  '192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'] as const
for (const network of networks) inside.addSubnet(network.split('/')[0]!, Number(network.split('/')[1]), 'ipv4')
// Of IPv6 only what was given out at all, which leaves out mapped, translated (NAT64), local and multicast addresses; and of that, not what carries others within.
const outside = new BlockList()
outside.addSubnet('2000::', 3, 'ipv6')
for (const [network, bits] of [['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20], ['2620:4f:8000::', 48]] as const) inside.addSubnet(network, bits, 'ipv6')

/** Is this an address of the wide internet? By the IANA registries of special addresses; what is no address is none. */
export function isGlobal(address: string): boolean {
  const version = isIP(address)
  if (version === 4) return !inside.check(address, 'ipv4')
  // With a zone ('fe80::1%eth0') it is an address of this machine's neighbours.
  return version === 6 && !address.includes('%') && outside.check(address, 'ipv6') && !inside.check(address, 'ipv6')
}

/** An address as it may be asked: over HTTP, without a name or password within, on the usual ports or allowed by name. Undefined for anything else. */
export function readAddress(text: string, allow: readonly string[]): { url: URL; host: string; allowed: boolean } | undefined {
  if (text.length > 2048 || !URL.canParse(text)) return undefined
  const url = new URL(text)
  if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.username || url.password || !url.hostname) return undefined
  url.hash = ''
  const allowed = allow.includes(url.host) || allow.includes(`${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`)
  if (!allowed && !['', '80', '443'].includes(url.port)) return undefined
  return { url, host: url.hostname.replace(/^\[|\]$/g, ''), allowed }
}
