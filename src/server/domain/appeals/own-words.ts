import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { selectOwnPosts } from './queries-own.ts'
import type { OwnPost } from './queries-own.ts'

/** Everything a suspended member wrote, oldest first, a page at a time: their words are theirs though nobody sees them. What was deleted is not among them. */
export async function* ownWords(app: App, account: Account): AsyncGenerator<OwnPost[]> {
  for (let after = '0'; ;) {
    const rows = await selectOwnPosts(app.database.queries, account.id, after, 200)
    if (rows.length) yield rows
    if (rows.length < 200) return
    after = rows.at(-1)!.id
  }
}
