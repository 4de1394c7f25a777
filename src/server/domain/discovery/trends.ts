import type { App } from '#server/app.ts'
import type { Viewer } from '#server/domain/accounts/index.ts'
import { postViews } from '#server/domain/posts/index.ts'
import type { PostView, Shown } from '#server/domain/posts/index.ts'
import { hiddenAccountIds } from '#server/domain/relationships/index.ts'
import { readTag } from '#server/platform/text/tag.ts'
import { forgetKept, keptFor } from './kept.ts'
import { countTagPeople, followsTag, lockTrends, rebuildTagDays, replaceTrendingPosts, replaceTrendingTags, selectHiddenTags, selectPopularTags, selectPostPeople, selectTag, selectTagDays, selectTagPeople, selectTrendingPostIds, selectTrendingTags } from './queries-trends.ts'
import type { Since } from './queries-trends.ts'
import { fewestPeople, postScore, tagScore } from './score.ts'
import type { TagSummary, TrendingTag } from './types.ts'

const day = 86_400_000
const hour = 3_600_000
const counted = 14 // days, today included
const week = 7

/** The beginning of the UTC day so many days ago: as a day, and as the smallest id of that moment. */
function daysBack(app: App, days: number): Since {
  const at = new Date(app.now().getTime() - days * day).toISOString().slice(0, 10)
  return { day: at, id: idAt(Date.parse(at)) }
}
/** Ids begin with their milliseconds; posts of a moment have no smaller one. */
const idAt = (ms: number) => String(BigInt(Math.max(0, ms)) << 16n)

/** Counts the last fourteen days again and ranks. A job does it every five minutes; all of it is derived and can be thrown away. */
export async function recomputeTrends(app: App): Promise<void> {
  const now = app.now()
  const recent: Since = { day: '', id: idAt(now.getTime() - 72 * hour) }
  await app.database.inTransaction(async (tx) => {
    await lockTrends(tx)
    const since = daysBack(app, counted - 1)
    await rebuildTagDays(tx, since)
    const used = await selectTagPeople(tx, recent, now, fewestPeople)
    const days = daysOf(await selectTagDays(tx, used.map((row) => row.tag_id), since), counted)
    await replaceTrendingTags(tx, used.map(({ tag_id, ages }) => {
      const list = days.get(tag_id) ?? zeros(counted)
      return { tag_id, score: tagScore(ages, list.slice(0, -3)), people: ages.length, days: list.slice(-week) }
    }).filter((row) => row.score > 0).sort((a, b) => b.score - a.score).slice(0, 30), now)
    await replaceTrendingPosts(tx, strongest(await selectPostPeople(tx, recent, now, fewestPeople)), now)
  })
  forgetKept(app)
}

/** The fifty strongest, at most one of each author. */
function strongest(rows: { id: string; author_id: string; people: number; hours: number }[]): { post_id: string; score: number }[] {
  const authors = new Set<string>()
  return rows.map((row) => ({ ...row, score: postScore(row.people, row.hours) })).filter((row) => row.score > 0).sort((a, b) => b.score - a.score)
    .filter((row) => !authors.has(row.author_id) && authors.add(row.author_id)).slice(0, 50).map(({ id, score }) => ({ post_id: id, score }))
}

const zeros = (length: number) => Array.from({ length }, () => 0)
function daysOf(rows: { tag_id: string; ago: number; people: number }[], length: number): Map<string, number[]> {
  const days = new Map<string, number[]>()
  for (const row of rows) {
    const list = days.get(row.tag_id) ?? zeros(length)
    if (row.ago >= 0 && row.ago < length) list[row.ago] = row.people
    days.set(row.tag_id, list)
  }
  return days
}

/** What people talk about more than usual, strongest first. */
export async function trendingTags(app: App, limit = 5): Promise<TrendingTag[]> {
  return (await selectTrendingTags(app.database.queries, limit)).map((row) => ({ name: row.name, displayName: row.display_name, people: row.people, days: row.days }))
}

/** What people here write about, trend or not: to choose interests from. Kept for five minutes. */
export function popularTags(app: App, limit = 24): Promise<{ name: string; displayName: string }[]> {
  return keptFor(app, `popular ${limit}`, 300, async () =>
    (await selectPopularTags(app.database.queries, daysBack(app, 30), limit)).map((row) => ({ name: row.name, displayName: row.display_name })))
}

/** Tags that moderators took out of trends. */
export async function hiddenTags(app: App): Promise<{ name: string; displayName: string }[]> {
  return (await selectHiddenTags(app.database.queries)).map((row) => ({ name: row.name, displayName: row.display_name }))
}

/** Posts that many distinct people answered to lately, as this viewer may and wants to see them. */
export async function trendingPosts(app: App, viewer: Viewer, limit = 3, shown: Pick<Shown, 'annotate'> = {}): Promise<PostView[]> {
  const ids = await selectTrendingPostIds(app.database.queries, Math.min(50, limit * 3))
  const [posts, hidden] = await Promise.all([postViews(app, viewer, ids, { ...shown, filter: 'public' }), hiddenAccountIds(app, viewer)])
  return posts.filter((post) => !hidden.has(post.author.id) && !post.sensitive && !post.warning).slice(0, limit)
}

/** A tag's last seven days (kept for a minute) and whether the viewer follows it; null for a tag nobody used. */
export async function tagSummary(app: App, viewer: Viewer, name: string): Promise<TagSummary | null> {
  const key = readTag(name)?.name
  if (!key) return null
  const shared = await keptFor(app, `tag ${key}`, 60, () => sharedSummary(app, key))
  if (!shared) return null
  const { id, ...summary } = shared
  return { ...summary, followed: viewer ? await followsTag(app.database.queries, id, viewer.id) : false }
}

async function sharedSummary(app: App, key: string) {
  const tag = await selectTag(app.database.queries, key)
  if (!tag) return null
  const since = daysBack(app, week - 1)
  const [totals, days] = await Promise.all([countTagPeople(app.database.queries, tag.id, since), selectTagDays(app.database.queries, [tag.id], since)])
  return { id: tag.id, ...totals, days: daysOf(days, week).get(tag.id) ?? zeros(week) }
}
