import type { Id } from '#server/platform/ids/index.ts'

export type CardId = Id<'card'>

/** What a link leads to, as its page says it. Texts are plain and bounded. */
export type CardFacts = {
  url: string
  title: string
  description: string
  kind: 'link' | 'photo' | 'video' | 'rich'
  language: string | null
  authorName: string
  authorUrl: string
  providerName: string
  providerUrl: string
  publishedAt: Date | null
  /** the address of its picture, elsewhere */
  picture: string | null
  pictureAlt: string
}

/** A card as it shows. Its picture comes from this site: who reads asks nobody else. */
export type CardView = Omit<CardFacts, 'picture' | 'publishedAt'> & {
  id: CardId
  publishedAt: string | null
  picture: { width: number; height: number; thumbhash: string | null; colour: string | null; sources: { url: string; mime: string; width: number }[] } | null
}

/** Days: how many people shared it, today first. */
export type SharedLink = { card: CardView; people: number; days: number[] }
