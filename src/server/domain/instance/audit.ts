import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { App } from '#server/app.ts'
import { openMark } from '#server/platform/seal/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { insertAudit, lastAudit, lockAudit, selectAuditAfter, selectAuditCount } from './queries-audit.ts'
import type { AuditRow } from './queries-audit.ts'
import { notedHeads } from './audit-head.ts'
import type { Actor } from './types.ts'

export type Subject = { kind: 'account' | 'post' | 'report' | 'decision' | 'settings' | 'rule' | 'announcement' | 'invitation' | 'tag' | 'media' | 'token' | 'case' | 'appeal' | 'webhook' | 'card' | 'order' | 'vault' | 'record' | 'job' | 'mail' | 'backup'; id: string }
export type AuditDetails = Record<string, string | number | boolean | null | string[]>

const start = Buffer.alloc(32)

/** SHA-256(previous hash ‖ the row as canonical JSON). Personal data only by reference, so that erasing keeps the chain whole. */
function hashOf(row: Omit<AuditRow, 'hash'>): Buffer {
  const details = Object.fromEntries(Object.entries(row.details).sort(([a], [b]) => (a < b ? -1 : 1)))
  const canonical = JSON.stringify([row.id, row.actor_id, row.actor_kind, row.act, row.subject_kind, row.subject_id, details, row.created_at.toISOString()])
  return createHash('sha256').update(row.previous_hash).update(canonical).digest()
}

/** Writes an act down in the act's own transaction; of those who look after the place also in which role, and a mark of the address it came from. Rows are chained one at a time: call it last, so that the lock is short. */
export async function audit(app: App, tx: Tx, actor: Actor, act: string, subject: Subject, details: AuditDetails = {}): Promise<void> {
  const circumstances = typeof actor !== 'string' && actor.role !== 'member' ? { as: actor.role, ...await addressMark(app) } : {}
  await lockAudit(tx)
  const last = await lastAudit(tx)
  const fresh = app.newId()
  const row = {
    // Two processes' clocks may differ by a moment; the order of ids is the order of the chain.
    id: last && BigInt(fresh) <= BigInt(last.id) ? String(BigInt(last.id) + 1n) : fresh,
    actor_id: typeof actor === 'string' ? null : actor.id, actor_kind: typeof actor === 'string' ? actor : 'account' as const,
    act, subject_kind: subject.kind, subject_id: subject.id, details: { ...details, ...circumstances }, created_at: app.now(), previous_hash: last?.hash ?? start,
  }
  await insertAudit(tx, { ...row, hash: hashOf(row) })
}

/** Two acts from one address have the same mark; whoever has the record alone can't tell which it was. */
async function addressMark(app: App): Promise<{ address?: string }> {
  const address = app.place.address()
  if (address === null) return {}
  let mark = app.caches.get('audit mark') as ReturnType<typeof openMark> | undefined
  if (!mark) app.caches.set('audit mark', mark = openMark(join(app.config.dataFolder, 'keys', 'record')))
  return { address: (await mark)(address) }
}

/**
 * `changed`: the row says something else than when it was written · `gap`: a row before it is missing or another one ·
 * `head`: the record was once longer, or another one, than a head that was noted outside the database.
 */
export type AuditCheck = { rows: number; head: string; brokenAt: string | null; why: 'changed' | 'gap' | 'head' | null }

/** Is the record whole? Names the first row that is not as it was written. Heads that were noted in the data folder, and `head` of a log or backup, must be in it. */
export async function verifyAudit(app: { database: { queries: Queries }; config: { dataFolder: string } }, how: { head?: string; onProgress?: (done: number, all: number) => void } = {}): Promise<AuditCheck> {
  const wanted = new Map((await notedHeads(app)).map((noted) => [noted.hash, noted.id]))
  if (how.head) wanted.set(how.head.toLowerCase(), 'head')
  const all = how.onProgress ? await selectAuditCount(app.database.queries) : 0
  let previous: Buffer = start
  let rows = 0
  let from = '0'
  for (;;) {
    const page = await selectAuditAfter(app.database.queries, from, 1000)
    for (const row of page) {
      const why = !row.previous_hash.equals(previous) ? 'gap' : hashOf(row).equals(row.hash) ? null : 'changed'
      if (why) return { rows, head: previous.toString('hex'), brokenAt: row.id, why }
      previous = row.hash
      from = row.id
      rows++
      wanted.delete(row.hash.toString('hex'))
    }
    how.onProgress?.(rows, all)
    if (page.length < 1000) break
  }
  const [lost] = wanted.values()
  return { rows, head: previous.toString('hex'), brokenAt: lost ?? null, why: lost ? 'head' : null }
}
