import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export type EvidenceRow = { case_id: string; media_id: string; name: string; mime: string; sha256: Buffer; bytes: number }

/** What these items have in storage now is needed by the case, too. Twice is once. */
export async function insertEvidence(tx: Tx, caseId: string, mediaIds: string[]): Promise<void> {
  await sql`insert into evidence_files (case_id, media_id, name, mime, sha256)
    select ${caseId}::bigint, m.id, mf.name, coalesce(case when mf.name like 'early-%' then 'image/webp' end, (select v->>'mime' from jsonb_array_elements(m.variants) v where v->>'file' = mf.name limit 1), m.original_mime), mf.sha256
    from media m join media_files mf on mf.media_id = m.id where m.id = any(${mediaIds}::bigint[]) on conflict do nothing`.execute(tx)
}
export async function selectEvidence(on: Queries, caseId: string): Promise<EvidenceRow[]> {
  const { rows } = await sql<EvidenceRow>`select e.case_id, e.media_id, e.name, e.mime, e.sha256, f.bytes::float8 as bytes from evidence_files e join files f using (sha256)
    where e.case_id = ${caseId} order by e.media_id, f.bytes, e.name limit 2000`.execute(on)
  return rows
}
export async function selectEvidenceFile(on: Queries, caseId: string, mediaId: string, name: string): Promise<EvidenceRow | undefined> {
  const { rows } = await sql<EvidenceRow>`select e.case_id, e.media_id, e.name, e.mime, e.sha256, f.bytes::float8 as bytes from evidence_files e join files f using (sha256)
    where e.case_id = ${caseId} and e.media_id = ${mediaId} and e.name = ${name}`.execute(on)
  return rows[0]
}
export async function deleteEvidence(tx: Tx, caseIds: string[]): Promise<void> {
  await sql`delete from evidence_files where case_id = any(${caseIds}::bigint[])`.execute(tx)
}
