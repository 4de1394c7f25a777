import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { CleanAsk } from '#server/platform/page/index.ts'
import type { Reader } from './queries-visible.ts'
import { visiblePost } from './queries-visible.ts'
import type { PostId, QuotePolicy } from './types.ts'

type State = 'pending' | 'accepted' | 'rejected' | 'revoked'

export async function insertQuote(tx: Tx, quote: { postId: PostId; authorId: AccountId; quotedId: PostId; quotedAuthorId: AccountId; state: State; at: Date }): Promise<void> {
  await tx.insertInto('quotes').values({ post_id: quote.postId, author_id: quote.authorId, quoted_id: quote.quotedId, quoted_author_id: quote.quotedAuthorId, state: quote.state, created_at: quote.at }).execute()
}

export async function setQuotePolicy(tx: Tx, postId: PostId, policy: QuotePolicy): Promise<void> {
  await tx.updateTable('posts').set({ quote_policy: policy }).where('id', '=', postId).where('quote_policy', '<>', policy).execute()
}

export type LockedQuote = { author_id: AccountId; quoted_id: PostId | null; quoted_author_id: AccountId; state: State }

export async function lockQuote(tx: Tx, postId: PostId): Promise<LockedQuote | undefined> {
  const { rows } = await sql<LockedQuote>`select q.author_id, q.quoted_id, q.quoted_author_id, q.state from quotes q join posts p on p.id = q.post_id where q.post_id = ${postId} and p.deleted_at is null for no key update of q`.execute(tx)
  return rows[0]
}

export async function setQuoteState(tx: Tx, postId: PostId, state: State): Promise<void> {
  await tx.updateTable('quotes').set({ state }).where('post_id', '=', postId).execute()
}

/** Counts the quotes of the posts that these ones quote again: accepted, published, still there. */
export async function recountQuotes(on: Queries | Tx, postIds: PostId[]): Promise<void> {
  await sql`update posts p set quotes_count = c.n from (
      select target.quoted_id, (select count(*)::int from quotes q join posts by on by.id = q.post_id where q.quoted_id = target.quoted_id and q.state = 'accepted' and by.deleted_at is null and by.state = 'published') as n
      from (select distinct quoted_id from quotes where post_id = any(${postIds}::bigint[]) and quoted_id is not null) target) c
    where p.id = c.quoted_id and p.quotes_count <> c.n`.execute(on)
}

/** Posts that quote this one, as far as the reader may see them; `states` says which. */
export async function selectQuotes(on: Queries, quotedId: PostId, states: State[], reader: Reader, ask: CleanAsk): Promise<PostId[]> {
  const { rows } = await sql<{ id: PostId }>`select p.id from quotes q join posts p on p.id = q.post_id
    where q.quoted_id = ${quotedId} and q.state = any(${states}::text[]) and p.state = 'published' and ${visiblePost('p', reader)}
      and ${ask.before ? sql`p.id < ${ask.before}::bigint` : ask.after ? sql`p.id > ${ask.after}::bigint` : sql`true`}
    order by p.id ${ask.after ? sql`asc` : sql`desc`} limit ${ask.limit + 1}`.execute(on)
  return rows.map((row) => row.id)
}
