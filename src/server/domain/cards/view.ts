import type { App } from '#server/app.ts'
import type { CardRow } from './queries.ts'
import { selectCardsOf } from './queries.ts'
import type { CardView } from './types.ts'

/** The cards of these posts, in one query; posts without one are missing. */
export async function cardsOf(app: App, postIds: string[]): Promise<Map<string, CardView>> {
  if (postIds.length === 0) return new Map()
  return new Map((await selectCardsOf(app.database.queries, postIds)).map((row) => [row.post_id, cardView(row)]))
}

export function cardView(row: CardRow): CardView {
  return {
    id: row.id, url: row.url ?? row.address, title: row.title, description: row.description, kind: row.kind, language: row.language, authorName: row.author_name, authorUrl: row.author_url,
    providerName: row.provider_name, providerUrl: row.provider_url, publishedAt: row.published_at?.toISOString() ?? null, pictureAlt: row.picture_alt,
    picture: row.picture_key && row.picture_width && row.picture_height
      ? { width: row.picture_width, height: row.picture_height, thumbhash: row.thumbhash?.toString('base64') ?? null, colour: row.colour, sources: row.files.map((file) => ({ url: `/media/cards/${row.picture_key}/${file.name}`, mime: file.mime, width: file.width })) }
      : null,
  }
}
