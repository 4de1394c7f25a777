import { z } from 'zod'
import type { CardView, SharedLink } from '#server/domain/cards/index.ts'
import type { Speaker } from './speaker.ts'

const fields = {
  url: z.string(), title: z.string(), description: z.string(), language: z.string().nullable(), type: z.enum(['link', 'photo', 'video', 'rich']), author_name: z.string(), author_url: z.string(),
  authors: z.array(z.object({ name: z.string(), url: z.string(), account: z.null() })), provider_name: z.string(), provider_url: z.string(), html: z.literal(''), width: z.int(), height: z.int(),
  image: z.string().nullable(), image_description: z.string(), embed_url: z.literal(''), blurhash: z.string().nullable(), published_at: z.iso.datetime().nullable(), missing_attribution: z.literal(false),
}
export const PreviewCard = z.object(fields).meta({ id: 'PreviewCard' })
export const TrendsLink = z.object({ ...fields, history: z.array(z.object({ day: z.string(), uses: z.string(), accounts: z.string() })) }).meta({ id: 'TrendsLink' })

/** What a link leads to, as apps see it. Never with HTML of another site; the picture comes from here. */
export function cardEntity(card: CardView, speaker: Speaker): z.infer<typeof PreviewCard> {
  const { picture } = card
  const webp = picture?.sources.filter((one) => one.mime === 'image/webp') ?? []
  const best = webp.find((one) => one.width >= 600) ?? webp.at(-1)
  return {
    url: card.url, title: card.title, description: card.description, language: card.language, type: card.kind === 'photo' && picture ? 'photo' : 'link', author_name: card.authorName, author_url: card.authorUrl,
    authors: card.authorName || card.authorUrl ? [{ name: card.authorName, url: card.authorUrl, account: null }] : [], provider_name: card.providerName, provider_url: card.providerUrl, html: '',
    width: best?.width ?? 0, height: picture && best ? Math.round(picture.height * best.width / picture.width) : 0, image: best ? speaker.absolute(best.url) : null, image_description: card.pictureAlt, embed_url: '',
    blurhash: speaker.blurhash(picture?.thumbhash ?? null), published_at: card.publishedAt, missing_attribution: false,
  }
}

/** A link that several people shared, with how many on each of the last days. */
export function sharedEntity({ card, days }: SharedLink, speaker: Speaker, now: Date): z.infer<typeof TrendsLink> {
  const today = Math.floor(now.getTime() / 86_400_000) * 86_400
  return { ...cardEntity(card, speaker), history: days.map((people, ago) => ({ day: String(today - ago * 86_400), uses: String(people), accounts: String(people) })) }
}
