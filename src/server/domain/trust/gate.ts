import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { useFollowGate } from '#server/domain/relationships/index.ts'
import { invalid, isHearthError } from '#server/platform/errors.ts'
import { levelOf, missing } from './level.ts'
import { selectFacts } from './queries.ts'
import { trustSettings } from './settings.ts'
import { factsOf, trustLevel } from './standing.ts'
import type { Missing, NewcomerLimits } from './types.ts'

/** What a newcomer wants to publish. `begins`: a message that answers nothing. */
export type Wish = { links: number; media: number; mentions: number; message: boolean; begins: boolean; edit: boolean }
export type GateAnswer = { act: 'pass' | 'hold' } | { act: 'refuse'; code: string; params: Record<string, string | number> }

const day = 86_400
/** Who came at most two days before a raid began is a newcomer in it, and who has fewer posts than this. */
const raidNew = { before: 2 * day * 1000, posts: 3 }

/** Asked before a post is published or changed: what the newest are kept to, and what a raid keeps newcomers to. `level`: the author's, just looked up. A refusal says when it ends. */
export async function gatePost(app: App, author: Account, level: number, wish: Wish): Promise<GateAnswer> {
  if (author.role !== 'member') return { act: 'pass' }
  const [settings, { raid }] = await Promise.all([trustSettings(app), readSettings(app)])
  const { limits } = settings
  if (raid && level < 2 && (level < limits.below || author.createdAt.getTime() > Date.parse(raid.startedAt) - raidNew.before)) {
    const left = ends({ what: 'hours', count: Math.max(1, Math.ceil((Date.parse(raid.until) - app.now().getTime()) / 3_600_000)) })
    if (raid.bare && (wish.links > 0 || wish.media > 0)) return { act: 'refuse', code: 'raidBare', params: left }
    const [row] = raid.hold ? await selectFacts(app.database.queries, [author.id], app.now()) : []
    if (row && !wish.message && row.posts_count < raidNew.posts) return { act: 'hold' }
  }
  if (level >= limits.below) return { act: 'pass' }
  for (const what of ['links', 'media', 'mentions'] as const) if (wish[what] > limits[what]) return { act: 'refuse', code: `new.${what}`, params: { most: limits[what], ...await endOf(app, author, limits) } }
  if (wish.edit) return { act: 'pass' }
  const pace = await keptTo(app, author, 'newPosts', limits.postsAnHour, 3600) ?? (wish.message && wish.begins ? await keptTo(app, author, 'newMessages', limits.messagesADay, day) : null)
  return pace ? { act: 'refuse', ...pace } : { act: 'pass' }
}

/** Asked before somebody follows one more. Throws what is too much. */
export async function gateFollow(app: App, viewer: Account): Promise<void> {
  if (viewer.role !== 'member') return
  const { limits } = await trustSettings(app)
  if (limits.below === 0 || await trustLevel(app, viewer.id) >= limits.below) return
  const said = await keptTo(app, viewer, 'newFollows', limits.followsADay, day)
  if (said) throw invalid(said.code, said.params)
}

/** Is the member kept to what the newest may do? They do nothing in bulk. */
export async function isNewcomer(app: App, viewer: Account): Promise<boolean> {
  return viewer.role === 'member' && await trustLevel(app, viewer.id) < (await trustSettings(app)).limits.below
}

async function keptTo(app: App, who: Account, name: 'newPosts' | 'newMessages' | 'newFollows', most: number, seconds: number): Promise<{ code: string; params: Record<string, string | number> } | null> {
  try {
    await app.limits.use({ name, most, seconds }, who.id)
    return null
  } catch (error) {
    if (!isHearthError(error) || error.kind !== 'tooMany') throw error
    const minutes = Math.max(1, Math.ceil((error.retryAfter ?? 60) / 60))
    return { code: `new.${name.slice(3).toLowerCase()}`, params: { most, ...minutes > 90 ? { what: 'hours', count: Math.ceil(minutes / 60) } : { what: 'minutes', count: minutes } } }
  }
}

/** When the limits end for somebody: by time, or by what they still have to do. */
async function endOf(app: App, author: Account, limits: NewcomerLimits): Promise<Record<string, string | number>> {
  const [[row], settings, now] = [await selectFacts(app.database.queries, [author.id], app.now()), await trustSettings(app), app.now()]
  const below = Math.min(3, limits.below) as 1 | 2 | 3
  if (!row) return ends(null)
  const facts = factsOf(row, now)
  const { because } = levelOf(facts, settings, now)
  const until = because === 'held' ? row.held_until : because === 'lowered' ? row.strikes_until : null
  if (until) { const hours = Math.ceil((until.getTime() - now.getTime()) / 3_600_000); return ends(hours > 48 ? { what: 'days', count: Math.ceil(hours / 24) } : { what: 'hours', count: Math.max(1, hours) }) }
  return ends(because === 'pinned' || because === 'lowered' ? null : missing(facts, settings, below))
}

const ends = (one: Missing | null): Record<string, string | number> => one ? { what: one.what, count: one.count } : { what: 'asked', count: 0 }

/** Puts trust before whom members follow. Once, where the parts are wired; screening asks for posts itself. */
export function useTrust(app: App): void {
  useFollowGate(app, gateFollow)
}
