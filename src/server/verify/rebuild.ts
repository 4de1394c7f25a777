import type { App } from '#server/app.ts'
import { recomputeTrends } from '#server/domain/discovery/index.ts'
import { countRows, forgetKeptEverywhere, mendRows, renewIndexes, renewWords, searchedTables, selectIdsAfter, selectWrong } from './queries-mend.ts'

export const rebuilds = ['timelines', 'counts', 'search', 'trends'] as const
export type Rebuild = (typeof rebuilds)[number]
type OnStep = (what: string, done: number, all: number) => void
/** How many rows were set right, by what was wrong with them. */
export type Mended = Record<string, number>

const part = 500
const counts = ['accounts.posts_count', 'accounts.followers_count', 'accounts.following_count', 'posts.likes_count', 'posts.boosts_count', 'posts.replies_count', 'posts.media_count', 'poll_options.votes_count', 'polls.voters_count', 'invitations.uses']
const places = ['posts.thread_id', 'posts.reply_to_author_id', 'accounts.last_post_at']

/**
 * Makes derived things anew from what people made, while they go on; may be broken off and begun again.
 * counts: every counter that disagrees · timelines: where answers belong; the timelines themselves are read from the posts each
 * time, so all processes only forget the answers they keep · search: its words and its indexes · trends: the days of each tag, and the ranking.
 */
export async function rebuild(app: App, what: Rebuild, onStep: OnStep = () => {}): Promise<Mended> {
  switch (what) {
    case 'counts': return mend(app, counts, onStep)
    case 'timelines': {
      const mended = await mend(app, places, onStep)
      await forgetKeptEverywhere(app.database)
      return mended
    }
    case 'search': return renewSearch(app, onStep)
    case 'trends': {
      onStep('trends', 0, 1)
      await recomputeTrends(app)
      return {}
    }
  }
}

async function mend(app: App, names: string[], onStep: OnStep): Promise<Mended> {
  const mended: Mended = {}
  for (const [at, name] of names.entries()) {
    onStep(name, at, names.length)
    const wrong = await selectWrong(app.database, name)
    for (let from = 0; from < wrong.length; from += part) {
      onStep(name, from, wrong.length)
      await app.database.inTransaction((tx) => mendRows(tx, name, wrong.slice(from, from + part)))
    }
    if (wrong.length) mended[name] = wrong.length
  }
  return mended
}

async function renewSearch(app: App, onStep: OnStep): Promise<Mended> {
  const mended: Mended = {}
  for (const table of searchedTables) {
    const all = await app.database.inTransaction((tx) => countRows(tx, table))
    let done = 0
    for (let after = '0'; ;) {
      onStep(table, done, all)
      const ids = await app.database.inTransaction(async (tx) => {
        const ids = await selectIdsAfter(tx, table, after, part)
        if (ids.length) await renewWords(tx, table, ids)
        return ids
      })
      done += ids.length
      if (ids.length < part) break
      after = ids.at(-1)!
    }
    mended[`${table}.search`] = done
  }
  await renewIndexes(app.database, (done, all) => onStep('indexes', done, all))
  return mended
}
