/**
 * The files of a cover by width, for `srcset`; undefined where there is only one. Where the large file is wider, one of 640 px was always
 * made beside it (server/platform/images).
 */
export function coverSet(url: string): string | undefined {
  const [, before, width, after] = /^(.*\/still-)(\d+)(\.webp(?:\?.*)?)$/.exec(url) ?? []
  return Number(width) > 640 ? `${before}640${after} 640w, ${url} ${width}w` : undefined
}
