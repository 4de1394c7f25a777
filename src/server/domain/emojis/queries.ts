import type { Queries, Tx } from '#server/platform/db/index.ts'

export type EmojiRow = { id: string; shortcode: string; category: string; media_id: string; disabled_at: Date | null }

const most = 2000

export async function selectAllEmojis(on: Queries): Promise<EmojiRow[]> {
  return on.selectFrom('custom_emojis').select(['id', 'shortcode', 'category', 'media_id', 'disabled_at']).orderBy('category').orderBy('shortcode').limit(most).execute()
}
/** False when the name is taken. */
export async function insertEmoji(tx: Tx, row: { id: string; shortcode: string; mediaId: string; category: string; at: Date }): Promise<boolean> {
  const made = await tx.insertInto('custom_emojis').values({ id: row.id, shortcode: row.shortcode, media_id: row.mediaId, category: row.category, created_at: row.at })
    .onConflict((conflict) => conflict.column('shortcode').doNothing()).returning('id').executeTakeFirst()
  return made !== undefined
}
export async function updateDisabled(tx: Tx, id: string, at: Date | null): Promise<string | undefined> {
  return (await tx.updateTable('custom_emojis').set({ disabled_at: at }).where('id', '=', id).returning('media_id').executeTakeFirst())?.media_id
}
/** Did this admin upload the picture for the community? */
export async function isOwnPicture(tx: Tx, accountId: string, mediaId: string): Promise<boolean> {
  const row = await tx.selectFrom('media').select('id').where('id', '=', mediaId).where('account_id', '=', accountId).where('purpose', '=', 'instance').where('kind', 'in', ['image', 'animation']).executeTakeFirst()
  return row !== undefined
}
