import type { App } from '#server/app.ts'
import { customEmojis } from '#server/domain/emojis/index.ts'
import type { CustomEmoji } from '#server/domain/emojis/index.ts'
import { pictureSigner } from '#server/domain/media/index.ts'
import type { Id } from '#server/platform/ids/index.ts'
import { blurhashOf } from './blurhash.ts'

/** What every presenter needs: made once a request or event, it makes addresses absolute and knows the community's emoji. */
export type Speaker = {
  /** the public origin, without a slash at the end */
  origin: string
  /** an address of this site as an absolute one; addresses elsewhere stay */
  absolute(address: string): string
  /** the absolute address of somebody's own picture, as apps can load it */
  picture(address: string, ownerId: string): string
  /** the custom emoji that a text uses, as ':name:' */
  emojisIn(...texts: string[]): CustomEmojiEntity[]
  /** the placeholder apps know, made of ours; null where there is none */
  blurhash(thumbhash: string | null): string | null
  /** who reads; null: nobody is signed in */
  readerId: Id<'account'> | null
}
type CustomEmojiEntity = { shortcode: string; url: string; static_url: string; visible_in_picker: boolean; category: string | null }

/** Gets ready to present things to one reader. */
export async function speaker(app: App, readerId: Id<'account'> | null): Promise<Speaker> {
  const origin = app.config.publicUrl
  const absolute = (address: string) => address.startsWith('/') ? origin + address : address
  const [emojis, sign] = await Promise.all([customEmojis(app), pictureSigner(app)])
  const known = new Map(emojis.map((one) => [one.shortcode, emojiEntity(one, absolute)]))
  return {
    origin, absolute, readerId,
    picture: (address, ownerId) => absolute(sign ? sign(address, ownerId) : address),
    blurhash: (thumbhash) => blurhashOf(app, thumbhash),
    emojisIn(...texts) {
      if (known.size === 0) return []
      const used = new Set(texts.flatMap((text) => [...text.matchAll(/:([a-z0-9_]{2,40}):/gi)].map((match) => match[1]!.toLowerCase())))
      return [...used].flatMap((code) => known.get(code) ?? [])
    },
  }
}

/** One of the community's own emoji. */
export const emojiEntity = (emoji: CustomEmoji, absolute: (address: string) => string): CustomEmojiEntity => ({
  shortcode: emoji.shortcode, url: absolute(emoji.url), static_url: absolute(emoji.url), visible_in_picker: !emoji.disabled, category: emoji.category || null,
})
