import type { App } from '#server/app.ts'
import type { Viewer } from '#server/domain/accounts/index.ts'
import { postViews } from '#server/domain/posts/index.ts'
import type { PostView } from '#server/domain/posts/index.ts'
import { readTag } from '#server/platform/text/tag.ts'
import { rebuildTagDays, replaceTrendingPosts, replaceTrendingTags, selectHiddenTags, selectTagDays, selectTagSummary, selectTrendingPostIds, selectTrendingTags } from './queries.ts'
import { tagScore } from './score.ts'
import type { TrendingTag } from './types.ts'

const day = 86_400_000
const zeros = (length: number) => Array.from({ length }, () => 0)
const daysBack = (app: App, days: number) => new Date(app.now().getTime() - days * day)

/** Counts the last fourteen days again and ranks. A job does it every five minutes; it is derived and can be thrown away. */
export async function recomputeTrends(app: App): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    const since = daysBack(app, 13)
    await rebuildTagDays(tx, since)
    const days = new Map<string, number[]>()
    for (const row of await selectTagDays(tx, since)) {
      const list = days.get(row.tag_id) ?? zeros(14)
      if (row.ago >= 0 && row.ago < 14) list[row.ago] = row.people
      days.set(row.tag_id, list)
    }
    const ranked = [...days].map(([tag_id, list]) => ({ tag_id, score: tagScore(list), people: list.slice(-3).reduce((sum, count) => sum + count, 0), days: list.slice(-7) }))
      .filter((row) => row.score > 0).sort((a, b) => b.score - a.score).slice(0, 30)
    await replaceTrendingTags(tx, ranked, app.now())
    await replaceTrendingPosts(tx, app.now())
  })
}

/** What people talk about more than usual, strongest first. */
export async function trendingTags(app: App, limit = 5): Promise<TrendingTag[]> {
  return (await selectTrendingTags(app.database.queries, limit)).map((row) => ({ name: row.name, displayName: row.display_name, people: row.people, days: row.days }))
}

/** Tags that moderators took out of trends. */
export async function hiddenTags(app: App): Promise<{ name: string; displayName: string }[]> {
  return (await selectHiddenTags(app.database.queries)).map((row) => ({ name: row.name, displayName: row.display_name }))
}

/** Posts that many distinct people answered to lately, as this viewer may see them. */
export async function trendingPosts(app: App, viewer: Viewer, limit = 3): Promise<PostView[]> {
  const ids = await selectTrendingPostIds(app.database.queries, limit * 3)
  return (await postViews(app, viewer, ids)).slice(0, limit)
}

/** A tag's last seven days and whether the viewer follows it; null for a tag nobody used. */
export async function tagSummary(app: App, viewer: Viewer, name: string): Promise<{ followed: boolean; days: number[] } | null> {
  const row = await selectTagSummary(app.database.queries, readTag(name)?.name ?? '', viewer?.id ?? null, daysBack(app, 6))
  if (!row) return null
  const days = zeros(7)
  for (const one of row.days ?? []) if (one.ago >= 0 && one.ago < 7) days[one.ago] = one.people
  return { followed: row.followed, days }
}
