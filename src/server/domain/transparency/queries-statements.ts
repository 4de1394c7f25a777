import type { dsaStatement } from '#server/domain/moderation/index.ts'
import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export type StatementRow = Parameters<typeof dsaStatement>[0] & { rule_id: string | null; kinds: string[] }
/** Decisions in the order they were made, as far as their public statements need them; what an authority ordered needs none (DSA, Article 17(5)). Those that nobody may hear of yet wait. */
export async function selectStatements(on: Queries, afterId: string, beforeId: string, most: number): Promise<StatementRow[]> {
  const { rows } = await sql<StatementRow>`select d.id, d.act, d.ground, d.law, d.explanation, d.facts, d.category, d.territory, d.content_date, d.created_at, d.ends_at, d.source_type, d.detected_by_machine, d.machine_share, d.rule_id,
      array_remove(array[case when p.text <> '' or p.id is null and d.post_id is not null then 'TEXT' end, case when 'image' = any(p.media_kinds) or 'animation' = any(p.media_kinds) then 'IMAGE' end, case when 'video' = any(p.media_kinds) then 'VIDEO' end, case when 'audio' = any(p.media_kinds) then 'AUDIO' end,
        case when d.act in ('remove_avatar', 'refuse_avatar', 'remove_cover') then 'IMAGE' end, case when d.act = 'clear_profile' then 'TEXT' end], null) as kinds
    from decisions d left join posts p on p.id = d.post_id left join cases c on c.id = d.case_id
    where d.id > ${afterId} and d.id < ${beforeId} and d.undone_at is null and c.source is distinct from 'order' and d.quiet_until is null order by d.id limit ${most}`.execute(on)
  return rows
}
