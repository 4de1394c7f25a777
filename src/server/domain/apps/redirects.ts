/** Shows the code instead of sending it: for programs that no address reaches. */
export const outOfBand = 'urn:ietf:wg:oauth:2.0:oob'

// Schemes that a browser or phone handles itself: they run scripts, read files, or open whatever the address says.
const closed = new Set(['javascript', 'data', 'vbscript', 'file', 'filesystem', 'blob', 'about', 'view-source', 'jar', 'resource', 'content', 'intent', 'ws', 'wss', 'ftp', 'mailto', 'tel', 'sms', 'smsto', 'urn', 'android-app', 'ms-settings', 'chrome', 'chrome-extension', 'itms-services'])
const loopback = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/

/**
 * May codes be sent to this address? https anywhere, http to this machine itself (or anywhere, where the community is
 * reached by http, too), schemes that an app made up, and `outOfBand`. Never with a fragment, a name or a password.
 */
export function isGoodRedirect(text: string, communityUrl: string): boolean {
  if (text === outOfBand) return true
  if (text.length > 2000 || /[\s\p{C}\\#]/u.test(text) || !/^[a-z][a-z0-9+.-]*:/i.test(text) || !URL.canParse(text)) return false
  const url = new URL(text)
  const scheme = url.protocol.slice(0, -1)
  if (url.username || url.password || closed.has(scheme)) return false
  if (scheme === 'http') return loopback.test(url.hostname) || communityUrl.startsWith('http:')
  return true
}

/** A registered address with what is to be told. */
export function withAnswer(redirectUri: string, answer: Record<string, string | null | undefined>): string {
  const url = new URL(redirectUri)
  for (const [name, value] of Object.entries(answer)) if (value !== null && value !== undefined) url.searchParams.set(name, value)
  return url.href
}

/** Where it leads, for people: the host, or the scheme of an app with its colon; null where the code is only shown. */
export function placeOf(redirectUri: string): string | null {
  if (redirectUri === outOfBand) return null
  const url = new URL(redirectUri)
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.host : url.protocol
}
