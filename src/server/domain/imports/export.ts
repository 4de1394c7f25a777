import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { filtersOf } from '#server/domain/filters/index.ts'
import { csvLine } from '#server/platform/text/csv.ts'
import { selectOut } from './queries.ts'
import type { ImportKind } from './types.ts'

const batch = 500
const heads: Partial<Record<ImportKind, string[]>> = { following: ['Account address', 'Show boosts', 'Notify on new posts', 'Languages'], muted: ['Account address', 'Hide notifications'], filters: ['Title', 'Keywords', 'Whole word', 'Contexts', 'Action', 'Seconds'] }

/** One of the member's lists as CSV, as Mastodon has it, streamed: memory doesn't grow with it. Filters are Hearth's own kind. */
export async function* exportLines(app: App, viewer: Account, kind: ImportKind): AsyncGenerator<string> {
  const host = new URL(app.config.publicUrl).host
  const head = heads[kind]
  if (head) yield csvLine(head)
  if (kind === 'filters') {
    for (const filter of await filtersOf(app, viewer)) {
      const left = filter.expiresAt ? Math.max(1, Math.ceil((Date.parse(filter.expiresAt) - app.now().getTime()) / 1000)) : ''
      for (const whole of [true, false]) {
        const words = filter.keywords.filter((one) => one.wholeWord === whole).map((one) => one.keyword)
        if (words.length) yield csvLine([filter.title, words.join('|'), whole, filter.contexts.join(' '), filter.action, left])
      }
    }
    return
  }
  for (let after = '0', more = true; more;) {
    const rows = await selectOut(app.database.queries, viewer.id, kind, after, batch)
    for (const { cells } of rows) {
      const [first = '', second = '', ...rest] = cells
      if (kind === 'bookmarks') yield csvLine([`${app.config.publicUrl}/@${encodeURIComponent(String(first))}/${String(second)}`])
      else if (kind === 'lists') yield csvLine([first, `${String(second)}@${host}`])
      else yield csvLine([`${String(first)}@${host}`, ...cells.length > 1 ? [second, ...rest] : []])
    }
    more = rows.length === batch
    after = rows.at(-1)?.key ?? after
  }
}
