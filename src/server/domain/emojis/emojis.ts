import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { audit, demandAdmin } from '#server/domain/instance/index.ts'
import { mediaViews } from '#server/domain/media/index.ts'
import { conflict, invalidForm, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { insertEmoji, isOwnPicture, selectAllEmojis, updateDisabled } from './queries.ts'

export type CustomEmoji = { id: string; shortcode: string; category: string; url: string; disabled: boolean }

type Kept = { at: number; list: Promise<CustomEmoji[]> }
const seconds = 30

/** The community's own emoji that may be used, by category and name. Kept for half a minute a process. */
export async function customEmojis(app: App): Promise<CustomEmoji[]> {
  const kept = app.caches.get('emojis') as Kept | undefined
  const now = app.now().getTime()
  if (kept && now - kept.at < seconds * 1000) return kept.list
  const list = app.database.fresh(() => load(app)).then((all) => all.filter((one) => !one.disabled))
  app.caches.set('emojis', { at: now, list } satisfies Kept)
  list.catch(() => app.caches.delete('emojis'))
  return list
}

/** All of them, for who looks after them. */
export async function allEmojis(app: App, actor: Account): Promise<CustomEmoji[]> {
  demandAdmin(actor)
  return load(app)
}

/** Makes an uploaded picture an emoji, `:shortcode:`. Throws a form error for a bad or taken name. */
export async function addEmoji(app: App, actor: Account, wanted: { shortcode: string; mediaId: string; category?: string }): Promise<void> {
  demandAdmin(actor)
  const shortcode = wanted.shortcode.trim().toLowerCase().replace(/^:|:$/g, '')
  if (!/^[a-z0-9_]{2,40}$/.test(shortcode)) throw invalidForm([{ field: 'shortcode', message: 'error.badShortcode' }])
  if (!isId(wanted.mediaId)) throw invalidForm([{ field: 'picture', message: 'error.emojiNeedsPicture' }])
  await app.database.inTransaction(async (tx) => {
    if (!(await isOwnPicture(tx, actor.id, wanted.mediaId))) throw invalidForm([{ field: 'picture', message: 'error.emojiNeedsPicture' }])
    const made = await insertEmoji(tx, { id: app.newId(), shortcode, mediaId: wanted.mediaId, category: (wanted.category ?? '').trim().slice(0, 50), at: app.now() })
    if (!made) throw conflict('shortcodeTaken')
    await audit(app, tx, actor, 'emoji.add', { kind: 'media', id: wanted.mediaId }, { shortcode })
  })
  app.caches.delete('emojis')
  app.changes.tell(['g'])
}

/** Takes an emoji out of use, or back in. Posts that have it keep it. */
export async function setEmojiDisabled(app: App, actor: Account, id: string, disabled: boolean): Promise<void> {
  demandAdmin(actor)
  await app.database.inTransaction(async (tx) => {
    const mediaId = isId(id) ? await updateDisabled(tx, id, disabled ? app.now() : null) : undefined
    if (!mediaId) throw notFound()
    await audit(app, tx, actor, disabled ? 'emoji.disable' : 'emoji.enable', { kind: 'media', id: mediaId })
  })
  app.caches.delete('emojis')
  app.changes.tell(['g'])
}

async function load(app: App): Promise<CustomEmoji[]> {
  const rows = await selectAllEmojis(app.database.queries)
  const media = await mediaViews(app, rows.map((row) => row.media_id))
  return rows.flatMap((row) => {
    const view = media.get(row.media_id)
    const url = view?.preview?.url ?? view?.sources[0]?.url
    return url ? [{ id: row.id, shortcode: row.shortcode, category: row.category, url, disabled: row.disabled_at !== null }] : []
  })
}
