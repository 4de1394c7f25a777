import type { App } from '#server/app.ts'
import type { Account, Viewer } from '#server/domain/accounts/index.ts'
import { currentAnnouncements } from '#server/domain/instance/index.ts'
import { conflict, invalid, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { customEmojis } from './emojis.ts'
import { countNames, deleteReaction, deleteReactionsOf, insertReaction, selectReactions } from './queries-react.ts'

/** How many reacted with one emoji; `url` is the picture of the community's own. */
export type Reaction = { name: string; count: number; me: boolean; url: string | null }

const most = 8
const reactions = { name: 'announcementReactions', most: 120, seconds: 600 }

/** Answers an announcement with an emoji, or one of the community's own by its shortcode; at most eight different ones each announcement. Twice is once. */
export async function reactToAnnouncement(app: App, viewer: Account, announcementId: string, name: string): Promise<void> {
  const emoji = await readName(app, name)
  if (!emoji) throw invalid('badEmoji')
  await demandShown(app, announcementId)
  await app.limits.use(reactions, viewer.id)
  await app.database.inTransaction(async (tx) => {
    if (!await insertReaction(tx, announcementId, viewer.id, emoji, app.now())) return
    if (await countNames(tx, announcementId) > most) throw conflict('tooManyReactions', { most })
    await app.bus.publish(tx, { type: 'announcement.reaction', announcementId, name: emoji })
  })
}

/** Takes a reaction back; none is fine. Throws notFound for an announcement that isn't shown. */
export async function unreactToAnnouncement(app: App, viewer: Account, announcementId: string, name: string): Promise<void> {
  await demandShown(app, announcementId)
  const emoji = name.toWellFormed().replaceAll('\0', '').normalize('NFC').slice(0, 100)
  await app.database.inTransaction(async (tx) => {
    if (await deleteReaction(tx, announcementId, viewer.id, emoji)) await app.bus.publish(tx, { type: 'announcement.reaction', announcementId, name: emoji })
  })
}

/** The reactions to these announcements, each with the earliest first. */
export async function reactionsTo(app: App, viewer: Viewer, announcementIds: string[]): Promise<Map<string, Reaction[]>> {
  const ids = announcementIds.filter(isId)
  const [rows, custom] = ids.length ? await Promise.all([selectReactions(app.database.queries, ids, viewer?.id ?? null), customEmojis(app)]) : [[], []]
  const urls = new Map(custom.map((one) => [one.shortcode, one.url]))
  return new Map(ids.map((id) => [id, rows.flatMap((row) => {
    const own = /^[a-z0-9_]+$/.test(row.name)
    const url = own ? urls.get(row.name) ?? null : null
    // One of the community's own that was taken out of use isn't shown.
    return row.announcement_id !== id || (own && !url) ? [] : [{ name: row.name, count: row.count, me: row.me, url }]
  })]))
}

/** The reactions of an account that left. */
export async function forgetReactionsTo(app: App, accountId: string): Promise<void> {
  await deleteReactionsOf(app.database.queries, accountId)
}

async function demandShown(app: App, announcementId: string): Promise<void> {
  if (!isId(announcementId) || !(await currentAnnouncements(app, null)).some((one) => one.id === announcementId)) throw notFound()
}

async function readName(app: App, name: string): Promise<string | null> {
  if (name.length > 100) return null
  const plain = name.normalize('NFC')
  if (/^\p{RGI_Emoji}$/v.test(plain) || /^\p{RGI_Emoji}$/v.test(`${plain}\ufe0f`)) return plain
  const shortcode = plain.replace(/^:|:$/g, '')
  return (await customEmojis(app)).some((one) => one.shortcode === shortcode) ? shortcode : null
}
