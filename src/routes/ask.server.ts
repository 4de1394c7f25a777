import { isId } from '#server/platform/ids/index.ts'
import type { PageAsk } from '#server/domain/posts/index.ts'

/** The part of a list that an address asks for: `?before=ID` or `?after=ID`. Garbage is the first page. */
export function askOf(url: URL, limit = 20): PageAsk {
  const before = url.searchParams.get('before')
  const after = url.searchParams.get('after')
  if (isId(before)) return { before, limit }
  if (isId(after)) return { after, limit }
  return { limit }
}
