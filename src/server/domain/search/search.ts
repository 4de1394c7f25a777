import type { App } from '#server/app.ts'
import type { AccountId, Viewer } from '#server/domain/accounts/index.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import { postViews, readerOf } from '#server/domain/posts/index.ts'
import type { PostId, PostsAsk } from '#server/domain/posts/index.ts'
import { hiddenAccountIds } from '#server/domain/relationships/index.ts'
import { cleanAsk, cutPage } from '#server/platform/page/index.ts'
import type { CleanAsk } from '#server/platform/page/index.ts'
import { fold } from '#server/platform/text/fold.ts'
import { nameKey } from '#server/platform/text/marks.ts'
import { selectPeople, selectPosts, selectPostsNear, selectTags } from './queries.ts'
import type { Eyes } from './queries.ts'
import type { SearchAsk, SearchKind, SearchResult } from './types.ts'
import { hasNoSpaces, partOf, readQuery, variantsOf } from './words.ts'

const few = 5
const searches = { name: 'search', most: 60, seconds: 60 }
const many = 40
/** posts among which a word is looked for before it is looked up */
const nearest = 4000

/** Finds people, posts and tags in any script; only what the viewer may see. 'all' gives a few of each kind. */
export async function search(app: App, viewer: Viewer, wish: SearchAsk, ask: PostsAsk = {}): Promise<SearchResult> {
  const q = readQuery(wish.q)
  const kind = wish.kind ?? 'all'
  const nothing: SearchResult = { people: [], posts: { items: [], older: null, newer: null }, tags: [] }
  const [eyes, hidden] = await Promise.all([readerOf(app, viewer), hiddenAccountIds(app, viewer)])
  const { readerId, readMode } = eyes
  if (!q || (readMode === 'members' && readerId === null)) return nothing
  await app.limits.use(searches, viewer?.id ?? wish.address ?? 'visitors')
  const on = app.database.queries
  const asks = (one: SearchKind) => kind === 'all' || kind === one
  const most = kind === 'all' ? few : many

  const clean = cleanAsk(ask)
  const [people, posts, tags] = await Promise.all([
    asks('people') ? selectPeople(on, nameKey(q.replace(/^@/, '')), eyes, most) : [],
    asks('posts') ? findPosts(app, q, eyes, [...hidden], clean) : [],
    asks('tags') ? selectTags(on, fold(q.replace(/^[#＃]/u, '')), false, readerId, most) : [],
  ])
  const page = cutPage(posts, clean, (id) => id)
  const [views, items] = await Promise.all([accountViews(app, people), postViews(app, viewer, page.items, { filter: 'public', annotate: ask.annotate })])
  return { people: people.flatMap((id) => views.get(id) ?? []), posts: { ...page, items }, tags }
}

/** A word that many use is among the nearest posts; a rarer one is looked up; one that hardly anybody uses is also looked for inside of others. One more than a page, where there are more. */
async function findPosts(app: App, q: string, eyes: Eyes, hidden: AccountId[], ask: CleanAsk): Promise<PostId[]> {
  const on = app.database.queries
  const variants = variantsOf(q)
  const part = partOf(q)
  if (part !== null && hasNoSpaces(q)) return selectPosts(on, variants, part, eyes, hidden, ask)
  const near = await selectPostsNear(on, variants, eyes, hidden, ask, nearest)
  if (near.length > ask.limit) return near
  const whole = await selectPosts(on, variants, null, eyes, hidden, ask)
  return whole.length > ask.limit || part === null ? whole : selectPosts(on, variants, part, eyes, hidden, ask)
}
