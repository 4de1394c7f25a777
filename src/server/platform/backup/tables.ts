import type { Readable, Writable } from 'node:stream'
import type pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'

/** A table as it is copied: only columns that hold something of their own. */
export type Table = { table: string; columns: string[] }

/** May be lost in a crash anyway, or belongs to the program and not to the community. */
const leftOut = ['public.migrations', 'public.rate_limits', 'public.processes', 'graphile_worker.migrations']
const ours = `n.nspname in ('public', 'graphile_worker') and n.nspname || '.' || c.relname <> all(array['${leftOut.join("','")}'])`
const quoted = (table: string) => table.split('.').map((part) => `"${part.replaceAll('"', '""')}"`).join('.')
const listed = (columns: string[]) => columns.map((column) => `"${column.replaceAll('"', '""')}"`).join(', ')

/** Every table with its columns, in a steady order. */
export async function tablesOf(client: pg.ClientBase): Promise<Table[]> {
  const { rows } = await client.query<Table>(`select n.nspname || '.' || c.relname as table,
      array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p') and not c.relispartition and ${ours} order by 1`)
  return rows
}

/** Where counters of the database stand. */
export async function sequencesOf(client: pg.ClientBase): Promise<{ name: string; value: string; called: boolean }[]> {
  const { rows } = await client.query<{ name: string }>("select schemaname || '.' || sequencename as name from pg_sequences where schemaname in ('public', 'graphile_worker') order by 1")
  const found = []
  for (const { name } of rows) {
    const { rows: [at] } = await client.query<{ last_value: string; is_called: boolean }>(`select last_value, is_called from ${quoted(name)}`)
    if (at) found.push({ name, value: at.last_value, called: at.is_called })
  }
  return found
}

/** All rows of a table as PostgreSQL writes them; `rows()` once it has ended. */
export function copyOut(client: pg.ClientBase, { table, columns }: Table): { stream: Readable; rows(): number } {
  const stream = client.query(copyTo(`copy (select ${listed(columns)} from ${quoted(table)}) to stdout`))
  return { stream, rows: () => stream.rowCount }
}

/** Takes rows in as they were written. */
export const copyIn = (client: pg.ClientBase, { table, columns }: Table): Writable => client.query(copyFrom(`copy ${quoted(table)} (${listed(columns)}) from stdin`))

export const countRows = async (client: pg.ClientBase, table: string): Promise<number> => Number((await client.query<{ n: string }>(`select count(*) as n from ${quoted(table)}`)).rows[0]?.n ?? 0)

/** Takes every foreign key away, for as long as tables are filled one by one; `restore` puts them back, which checks them all. */
export async function withoutKeys(client: pg.ClientBase): Promise<{ restore(): Promise<void> }> {
  const { rows } = await client.query<{ table: string; name: string; definition: string }>(`select n.nspname || '.' || c.relname as table, k.conname as name, pg_get_constraintdef(k.oid) as definition
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace where k.contype = 'f' and n.nspname in ('public', 'graphile_worker') order by 1, 2`)
  for (const { table, name } of rows) await client.query(`alter table ${quoted(table)} drop constraint "${name}"`)
  return { async restore() { for (const { table, name, definition } of rows) await client.query(`alter table ${quoted(table)} add constraint "${name}" ${definition}`) } }
}

/** Triggers rest while rows come back: what they did is in the rows already. */
export async function restTriggers(client: pg.ClientBase, tables: Table[], rest: boolean): Promise<void> {
  for (const { table } of tables) await client.query(`alter table ${quoted(table)} ${rest ? 'disable' : 'enable'} trigger user`)
}

export async function emptyTables(client: pg.ClientBase, tables: Table[]): Promise<void> {
  if (tables.length) await client.query(`truncate ${tables.map(({ table }) => quoted(table)).join(', ')}`)
}

export async function setSequences(client: pg.ClientBase, sequences: { name: string; value: string; called: boolean }[]): Promise<void> {
  for (const { name, value, called } of sequences) await client.query('select setval($1::regclass, $2::bigint, $3)', [quoted(name), value, called])
}

export const migrationsOf = async (client: pg.ClientBase): Promise<string[]> => (await client.query<{ name: string }>('select name from migrations order by name')).rows.map((row) => row.name)
