import type { App } from './app.ts'
import { isOnboarded } from './domain/accounts/index.ts'
import type { Account } from './domain/accounts/index.ts'
import { suggestions, trendingPosts, trendingTags } from './domain/discovery/index.ts'
import type { Suggestion, TrendingTag } from './domain/discovery/index.ts'
import { currentAnnouncements } from './domain/instance/index.ts'
import type { AnnouncementView } from './domain/instance/index.ts'
import { reactionsTo } from './domain/emojis/index.ts'
import type { Reaction } from './domain/emojis/index.ts'
import type { PostView } from './domain/posts/index.ts'

/** `settling`: the member came lately and hasn't finished or skipped their first steps */
export type Rail = { settling: boolean; announcements: (AnnouncementView & { reactions: Reaction[] })[]; suggestions: Suggestion[]; tags: TrendingTag[]; posts: PostView[] }

type Kept = { at: number; rail: Promise<Omit<Rail, 'announcements'>> }
const seconds = 60
const most = 2000
const daysNew = 14

/**
 * What stands beside the feed. Announcements are always current; the rest is made at most once a minute a member,
 * and made again at once when they act on it (`freshRail`).
 */
export async function railData(app: App, viewer: Account): Promise<Rail> {
  const kept = keptRails(app)
  const now = app.now().getTime()
  let entry = kept.get(viewer.id)
  if (!entry || now - entry.at > seconds * 1000) {
    if (kept.size >= most) kept.delete(kept.keys().next().value ?? '')
    entry = { at: now, rail: app.database.fresh(() => make(app, viewer)) }
    entry.rail.catch(() => kept.delete(viewer.id))
    kept.delete(viewer.id)
    kept.set(viewer.id, entry)
  }
  const [announcements, rail] = await Promise.all([currentAnnouncements(app, viewer), entry.rail])
  const reactions = await reactionsTo(app, viewer, announcements.map((one) => one.id))
  return { announcements: announcements.map((one) => ({ ...one, reactions: reactions.get(one.id) ?? [] })), ...rail }
}

/** Forgets what was kept for this member. */
export const freshRail = (app: App, viewer: Account): boolean => keptRails(app).delete(viewer.id)

async function make(app: App, viewer: Account): Promise<Omit<Rail, 'announcements'>> {
  const isNew = app.now().getTime() - viewer.createdAt.getTime() < daysNew * 86_400_000
  const [settled, people, tags, posts] = await Promise.all([isNew ? isOnboarded(app, viewer) : true, suggestions(app, viewer, 4), trendingTags(app, 5), trendingPosts(app, viewer, 3)])
  return { settling: !settled, suggestions: people, tags, posts }
}

function keptRails(app: App): Map<string, Kept> {
  const kept = app.caches.get('rail') as Map<string, Kept> | undefined
  if (kept) return kept
  const made = new Map<string, Kept>()
  app.caches.set('rail', made)
  // Whoever follows, blocks, mutes or waves off somebody is not shown them again.
  app.bus.subscribe((signal) => { if (signal.type === 'account.changed') made.delete(signal.accountId); else if (signal.type === 'missed') made.clear() })
  return made
}
