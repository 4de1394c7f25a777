import { z } from 'zod'
import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { audit, demandAdmin } from '#server/domain/instance/index.ts'
import { invalidForm } from '#server/platform/errors.ts'
import { selectTrustSettings, writeTrustSettings } from './queries.ts'
import type { TrustSettings } from './types.ts'

const whole = (most: number) => z.coerce.number().int().min(0).max(most)
const needs = (days: number, readDays: number, posts: number, likers: number) => z.object({ days: whole(3650).default(days), readDays: whole(3650).default(readDays), posts: whole(100_000).default(posts), likers: whole(1000).default(likers) })
/**
 * A community of friends should notice nothing: who was invited or let in begins above every limit. Only who walked in through an
 * open door is kept to them, for a day and a few posts.
 */
const shape = z.object({
  needs: z.object({ 1: needs(1, 2, 3, 0).prefault({}), 2: needs(7, 5, 10, 2).prefault({}), 3: needs(60, 30, 50, 5).prefault({}) }).prefault({}),
  start: z.object({ open: whole(3).default(0), approval: whole(3).default(1), invitation: whole(3).default(1) }).prefault({}),
  limits: z.object({ below: whole(4).default(1), links: whole(100).default(2), media: whole(10).default(4), mentions: whole(100).default(5), postsAnHour: whole(300).default(20), followsADay: whole(1000).default(50), messagesADay: whole(1000).default(10) }).prefault({}),
})
const key = 'trust.settings'

const read = (given: unknown): TrustSettings => shape.safeParse(given).data ?? shape.parse({})

/** How levels are earned and what the newest are kept to. At most a minute old. */
export async function trustSettings(app: App): Promise<TrustSettings> {
  const known = app.caches.get(key) as { at: number; settings: TrustSettings } | undefined
  if (known && Math.abs(app.now().getTime() - known.at) < 60_000) return known.settings
  const settings = read(await selectTrustSettings(app.database.queries))
  app.caches.set(key, { at: app.now().getTime(), settings })
  return settings
}

/** Changes it; admins and the owner, on record. `given`: 'needs.1.days' and the like, as a form has them. Problems name the field. */
export async function changeTrustSettings(app: App, actor: Account, given: Record<string, string>): Promise<void> {
  demandAdmin(actor)
  const wanted: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(given)) {
    let at = wanted
    const path = name.split('.')
    for (const part of path.slice(0, -1)) at = (at[part] ??= {}) as Record<string, unknown>
    // An empty field is the default.
    if (value.trim() !== '') at[path.at(-1)!] = value.trim()
  }
  const parsed = shape.safeParse(wanted)
  if (!parsed.success) throw invalidForm(parsed.error.issues.map((issue) => ({ field: issue.path.join('.'), message: 'error.badValue' })))
  await app.database.inTransaction(async (tx) => {
    await writeTrustSettings(tx, parsed.data)
    await audit(app, tx, actor, 'trust.settings', { kind: 'settings', id: 'trust' }, { needs: JSON.stringify(parsed.data.needs), start: JSON.stringify(parsed.data.start), limits: JSON.stringify(parsed.data.limits) })
  })
  app.caches.delete(key)
}
