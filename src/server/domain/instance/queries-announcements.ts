import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { AnnouncementId } from './types.ts'

export type AnnouncementContent = { text: string; html: string; translations: Record<string, { text: string; html: string }>; emphasised: boolean; starts_at: Date | null; ends_at: Date | null }
export type AnnouncementRow = AnnouncementContent & { id: AnnouncementId; published_at: Date | null; created_at: Date; updated_at: Date }

const columns = sql.raw('id, text, html, translations, emphasised, starts_at, ends_at, published_at, created_at, updated_at')

export async function selectPublished(on: Queries): Promise<AnnouncementRow[]> {
  const { rows } = await sql<AnnouncementRow>`select ${columns} from announcements where published_at is not null order by emphasised desc, published_at desc, id desc limit 50`.execute(on)
  return rows
}
export async function selectAnnouncements(on: Queries): Promise<AnnouncementRow[]> {
  const { rows } = await sql<AnnouncementRow>`select ${columns} from announcements order by id desc limit 200`.execute(on)
  return rows
}
export async function insertAnnouncement(tx: Tx, row: AnnouncementContent & { id: AnnouncementId; author_id: string | null; at: Date }): Promise<void> {
  await sql`insert into announcements (id, text, html, translations, emphasised, starts_at, ends_at, author_id, created_at, updated_at)
    values (${row.id}, ${row.text}, ${row.html}, ${JSON.stringify(row.translations)}::jsonb, ${row.emphasised}, ${row.starts_at}, ${row.ends_at}, ${row.author_id}, ${row.at}, ${row.at})`.execute(tx)
}
export async function updateAnnouncement(tx: Tx, id: AnnouncementId, row: AnnouncementContent, at: Date): Promise<boolean> {
  const { rows } = await sql`update announcements set text = ${row.text}, html = ${row.html}, translations = ${JSON.stringify(row.translations)}::jsonb,
    emphasised = ${row.emphasised}, starts_at = ${row.starts_at}, ends_at = ${row.ends_at}, updated_at = ${at} where id = ${id} returning 1`.execute(tx)
  return rows.length > 0
}
export async function updatePublished(tx: Tx, id: AnnouncementId, at: Date | null): Promise<boolean> {
  const { rows } = await sql`update announcements set published_at = ${at} where id = ${id} returning 1`.execute(tx)
  return rows.length > 0
}
export async function deleteAnnouncementRow(tx: Tx, id: AnnouncementId): Promise<boolean> {
  const { rows } = await sql`delete from announcements where id = ${id} returning 1`.execute(tx)
  return rows.length > 0
}
/** False when there is no such announcement. */
export async function insertDismissal(on: Queries, accountId: string, id: AnnouncementId, at: Date): Promise<boolean> {
  const { rows } = await sql`with found as (select id from announcements where id = ${id}), put as (
    insert into announcement_dismissals (account_id, announcement_id, created_at) select ${accountId}::bigint, id, ${at}::timestamptz from found on conflict do nothing)
    select 1 from found`.execute(on)
  return rows.length > 0
}
export async function selectDismissed(on: Queries, accountId: string, ids: AnnouncementId[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`select announcement_id as id from announcement_dismissals where account_id = ${accountId} and announcement_id = any(${ids}::bigint[])`.execute(on)
  return new Set(rows.map((row) => row.id))
}
