import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { CardFacts, CardId } from './types.ts'

export type CardRow = {
  id: CardId; address: string; state: 'waiting' | 'ready' | 'none'; url: string | null; title: string; description: string; kind: CardFacts['kind']; language: string | null
  author_name: string; author_url: string; provider_name: string; provider_url: string; published_at: Date | null; picture_key: string | null; picture_alt: string
  picture_width: number | null; picture_height: number | null; thumbhash: Buffer | null; colour: string | null; tries: number; fetched_at: Date | null
  files: { name: string; mime: string; width: number }[]
}

/** The card of this address, made where there is none. */
export async function takeCard(tx: Tx, card: { id: CardId; address: string; at: Date }): Promise<{ id: CardId; state: CardRow['state']; fetched_at: Date | null }> {
  const { rows } = await sql<{ id: CardId; state: CardRow['state']; fetched_at: Date | null }>`insert into cards (id, address, created_at) values (${card.id}, ${card.address}, ${card.at})
    on conflict (address) do update set address = excluded.address returning id, state, fetched_at`.execute(tx)
  return rows[0]!
}

/** True where the post had another card, or none. */
export async function setPostCard(tx: Tx, postId: string, cardId: CardId, at: Date): Promise<boolean> {
  const { rows } = await sql`insert into post_cards (post_id, card_id, at) values (${postId}, ${cardId}, ${at})
    on conflict (post_id) do update set card_id = excluded.card_id where post_cards.card_id <> excluded.card_id returning post_id`.execute(tx)
  return rows.length > 0
}

export async function deletePostCard(on: Queries, postId: string): Promise<boolean> {
  const { rows } = await sql`delete from post_cards where post_id = ${postId} returning post_id`.execute(on)
  return rows.length > 0
}

const columns = sql`c.id, c.address, c.state, c.url, c.title, c.description, c.kind, c.language, c.author_name, c.author_url, c.provider_name, c.provider_url, c.published_at,
  c.picture_key, c.picture_alt, c.picture_width, c.picture_height, c.thumbhash, c.colour, c.tries, c.fetched_at,
  coalesce((select json_agg(json_build_object('name', f.name, 'mime', f.mime, 'width', f.width) order by f.mime, f.width) from card_files f where f.card_id = c.id), '[]') as files`

export async function selectCard(on: Queries, id: string): Promise<CardRow | undefined> {
  const { rows } = await sql<CardRow>`select ${columns} from cards c where c.id = ${id}`.execute(on)
  return rows[0]
}

export async function selectCardsOf(on: Queries, postIds: string[]): Promise<(CardRow & { post_id: string })[]> {
  const { rows } = await sql<CardRow & { post_id: string }>`select pc.post_id, ${columns} from post_cards pc join cards c on c.id = pc.card_id where pc.post_id = any(${postIds}::bigint[]) and c.state = 'ready'`.execute(on)
  return rows
}

/** Counts a try before it is made, so that one that ends the process counts as well. */
export async function beginTry(on: Queries, id: CardId): Promise<number> {
  const { rows } = await sql<{ tries: number }>`update cards set tries = tries + 1 where id = ${id} returning tries`.execute(on)
  return rows[0]?.tries ?? 0
}

export type CardPicture = { key: string; width: number; height: number; thumbhash: Buffer; colour: string; files: { name: string; sha256: Buffer; mime: string; width: number; height: number }[] }

export async function finishCard(tx: Tx, id: CardId, facts: CardFacts, picture: CardPicture | null, at: Date): Promise<void> {
  await sql`update cards set state = 'ready', url = ${facts.url}, title = ${facts.title}, description = ${facts.description}, kind = ${facts.kind}, language = ${facts.language},
    author_name = ${facts.authorName}, author_url = ${facts.authorUrl}, provider_name = ${facts.providerName}, provider_url = ${facts.providerUrl}, published_at = ${facts.publishedAt},
    picture_key = ${picture?.key ?? null}, picture_alt = ${facts.pictureAlt}, picture_width = ${picture?.width ?? null}, picture_height = ${picture?.height ?? null},
    thumbhash = ${picture?.thumbhash ?? null}, colour = ${picture?.colour ?? null}, fetched_at = ${at}, tries = 0 where id = ${id}`.execute(tx)
  await sql`delete from card_files where card_id = ${id}`.execute(tx)
  for (const file of picture?.files ?? []) await sql`insert into card_files (card_id, name, sha256, mime, width, height) values (${id}, ${file.name}, ${file.sha256}, ${file.mime}, ${file.width}, ${file.height})`.execute(tx)
}

/** There is nothing to show; a card that was ready before stays as it was. */
export async function endCard(on: Queries, id: CardId, at: Date): Promise<void> {
  await sql`update cards set state = case when state = 'ready' then 'ready' else 'none' end, fetched_at = ${at}, tries = 0 where id = ${id}`.execute(on)
}

/** Posts that show it, the newest first. */
export async function selectUsers(on: Queries, id: CardId, most: number): Promise<{ id: string; author_id: string }[]> {
  const { rows } = await sql<{ id: string; author_id: string }>`select p.id, p.author_id from post_cards pc join posts p on p.id = pc.post_id
    where pc.card_id = ${id} and p.state = 'published' and p.deleted_at is null order by pc.post_id desc limit ${most}`.execute(on)
  return rows
}

export async function selectCardFile(on: Queries, key: string, name: string): Promise<{ sha256: Buffer; mime: string; bytes: number } | undefined> {
  const { rows } = await sql<{ sha256: Buffer; mime: string; bytes: number }>`select f.sha256, f.mime, b.bytes::float8 as bytes from cards c join card_files f on f.card_id = c.id join files b on b.sha256 = f.sha256
    where c.picture_key = ${key} and f.name = ${name}`.execute(on)
  return rows[0]
}

/** Links that at least so many people shared since then, the most first: people a day count once. */
export async function selectShared(on: Queries, since: Date, fewest: number, most: number): Promise<{ card_id: CardId; people: number }[]> {
  const { rows } = await sql<{ card_id: CardId; people: number }>`select pc.card_id, count(distinct p.author_id)::int as people from post_cards pc join posts p on p.id = pc.post_id join cards c on c.id = pc.card_id
    join accounts a on a.id = p.author_id
    where pc.at > ${since} and c.state = 'ready' and c.hidden_at is null and p.deleted_at is null and p.state = 'published' and not p.limited and not p.marks && array['adults', 'links'] and p.audience in ('public', 'members') and a.state = 'active'
    group by pc.card_id having count(distinct p.author_id) >= ${fewest} order by 2 desc, max(pc.post_id) desc limit ${most}`.execute(on)
  return rows
}

export async function selectShareDays(on: Queries, ids: CardId[], today: Date, days: number): Promise<{ card_id: CardId; ago: number; people: number }[]> {
  const { rows } = await sql<{ card_id: CardId; ago: number; people: number }>`select pc.card_id, (${today}::date - (pc.at at time zone 'utc')::date)::int as ago, count(distinct p.author_id)::int as people
    from post_cards pc join posts p on p.id = pc.post_id where pc.card_id = any(${ids}::bigint[]) and pc.at > ${today}::timestamptz - make_interval(days => ${days})
      and p.deleted_at is null and p.state = 'published' and p.audience in ('public', 'members') group by 1, 2`.execute(on)
  return rows
}

export async function selectCards(on: Queries, ids: CardId[]): Promise<CardRow[]> {
  const { rows } = await sql<CardRow>`select ${columns} from cards c where c.id = any(${ids}::bigint[])`.execute(on)
  return rows
}

/** The card of an address, as it was written or as it was found. */
export async function selectByAddress(on: Queries, address: string): Promise<CardId[]> {
  const { rows } = await sql<{ id: CardId }>`select id from cards where address = ${address} union select id from cards where url = ${address} limit 20`.execute(on)
  return rows.map((row) => row.id)
}

/** Cards that no post shows, a week after they were read. */
export async function deleteUnused(on: Queries, before: Date, most: number): Promise<number> {
  const { rows } = await sql`delete from cards where id in (select c.id from cards c where coalesce(c.fetched_at, c.created_at) < ${before} and not exists (select from post_cards pc where pc.card_id = c.id) limit ${most}) returning id`.execute(on)
  return rows.length
}

export async function updateHidden(tx: Tx, id: string, at: Date | null): Promise<boolean> {
  const { rows } = await sql`update cards set hidden_at = ${at} where id = ${id} returning id`.execute(tx)
  return rows.length > 0
}
