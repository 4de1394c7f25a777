import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { InstanceText, TextKind } from './types.ts'

const columns = sql.raw(`id, text, html, to_char(effective_on, 'YYYY-MM-DD') as "effectiveOn", created_at as "createdAt"`)
type Row = Omit<InstanceText, 'createdAt'> & { createdAt: Date }

/** Every version, the one that comes or came into force last first; of one day only the newest. */
export async function selectTexts(on: Queries | Tx, kind: TextKind): Promise<Row[]> {
  const { rows } = await sql<Row>`select ${columns} from (select distinct on (effective_on) * from instance_texts where kind = ${kind} order by effective_on desc, id desc limit 200) t order by effective_on desc`.execute(on)
  return rows
}

export async function insertText(tx: Tx, row: { id: string; kind: TextKind; text: string; html: string; effectiveOn: string; at: Date }): Promise<void> {
  await sql`insert into instance_texts (id, kind, text, html, effective_on, created_at) values (${row.id}, ${row.kind}, ${row.text}, ${row.html}, ${row.effectiveOn}::date, ${row.at})`.execute(tx)
}
