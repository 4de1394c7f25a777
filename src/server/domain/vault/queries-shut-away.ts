import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

/** Files of sealed media, and evidence of cases in these categories that are open or were acted on; without those that something on show still needs. */
export async function selectShutAway(on: Queries, categories: string[]): Promise<Buffer[]> {
  const { rows } = await sql<{ sha256: Buffer }>`select sha256 from (
      select mf.sha256 from media m join media_files mf on mf.media_id = m.id where m.screening = 'sealed'
      union select e.sha256 from cases c join evidence_files e on e.case_id = c.id where c.category = any(${categories}::text[]) and c.kind <> 'practice' and c.outcome is distinct from 'dismissed') f
    where not exists (select from media_files mf join media m on m.id = mf.media_id join accounts a on a.id = m.account_id left join posts p on p.id = m.post_id
      where mf.sha256 = f.sha256 and m.screening = 'clear' and ((p.state = 'published' and p.deleted_at is null) or m.id in (a.avatar_media_id, a.cover_media_id) or m.purpose = 'instance'))`.execute(on)
  return rows.map((row) => row.sha256)
}
