import { readAddress } from '#server/platform/fetch/index.ts'

const longest = 1000

/** The link of a text that gets a card: the first one that leads elsewhere. Written without its fragment; undefined where there is none. */
export function cardAddress(links: readonly string[], ownOrigin: string, allow: readonly string[] = []): string | undefined {
  const own = new URL(ownOrigin).host
  for (const link of links) {
    const read = readAddress(link, allow)
    if (read && read.url.host !== own && read.url.href.length <= longest) return read.url.href
  }
  return undefined
}
