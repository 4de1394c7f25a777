import type { Queries } from '../db/index.ts'
import { sql } from '../db/sql.ts'
import type { PlaceName } from './places.ts'

/** How long a process may go on writing to the former home after it was changed. */
export const homeKnownForMs = 1_000

/** Where new media goes, as the database says; asked at most once a second. */
export function homeKeeper(queries: Queries): () => Promise<PlaceName> {
  let asked = 0
  let answer: Promise<PlaceName> | undefined
  return () => {
    if (answer && Date.now() - asked < homeKnownForMs) return answer
    asked = Date.now()
    answer = sql<{ home: PlaceName }>`select home from storage`.execute(queries).then(({ rows }) => rows[0]?.home ?? 'disk')
    answer.catch(() => { answer = undefined })
    return answer
  }
}

export async function setHome(queries: Queries, home: PlaceName): Promise<void> {
  await sql`insert into storage (home) values (${home}) on conflict (only_row) do update set home = excluded.home, changed_at = now()`.execute(queries)
}
