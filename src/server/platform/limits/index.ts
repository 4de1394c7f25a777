import type { Queries } from '../db/index.ts'
import { sql } from '../db/sql.ts'
import { tooMany } from '../errors.ts'

export type Limit = { name: string; most: number; seconds: number }

export type Limits = {
  /** Counts one use by `who` (an account id or an address); throws `tooMany` when the window is used up. Shared by all processes. */
  use(limit: Limit, who: string): Promise<{ left: number; resetsAt: Date }>
  /** Adds to what all processes counted in a window that ends then; resolves to the sum. */
  addUp(key: string, count: number, resetsAt: Date): Promise<number>
}

/** Fixed windows in one unlogged table: one statement a use. `scale` multiplies every limit. */
export function openLimits(queries: Queries, scale: number): Limits {
  return {
    async use(limit, who) {
      const most = Math.ceil(limit.most * scale)
      const { rows } = await sql<{ used: number; resets_at: Date }>`
        insert into rate_limits as l (key, used, resets_at) values (${`${limit.name}:${who}`}, 1, now() + make_interval(secs => ${limit.seconds}))
        on conflict (key) do update set
          used = case when l.resets_at < now() then 1 else l.used + 1 end,
          resets_at = case when l.resets_at < now() then excluded.resets_at else l.resets_at end
        returning used, resets_at`.execute(queries)
      const { used, resets_at } = rows[0]!
      if (used > most) throw tooMany(Math.max(1, Math.ceil((resets_at.getTime() - Date.now()) / 1000)))
      return { left: most - used, resetsAt: resets_at }
    },
    async addUp(key, count, resetsAt) {
      const { rows } = await sql<{ used: number }>`
        insert into rate_limits as l (key, used, resets_at) values (${key}, ${count}, ${resetsAt})
        on conflict (key) do update set used = case when l.resets_at < excluded.resets_at then excluded.used else l.used + excluded.used end, resets_at = excluded.resets_at
        returning used`.execute(queries)
      return rows[0]!.used
    },
  }
}
