import { json } from '@sveltejs/kit'
import { readSettings } from '#server/domain/instance/index.ts'
import { accountTimeline, bookmarkedPosts, communityTimeline, homeTimeline, likedPosts, listTimeline, tagTimeline } from '#server/domain/timelines/index.ts'
import type { AccountTab } from '#server/domain/timelines/index.ts'
import { search } from '#server/domain/search/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { isHearthError, notFound, notSignedIn } from '#server/platform/errors.ts'
import { askOf } from '../ask.server.ts'
import type { RequestHandler } from './$types.ts'

const tabs = ['posts', 'replies', 'media', 'music']

/** Further pages of a list, for endless scroll: `list` is home, community, bookmarks, likes, list:ID, tag:NAME, account:ID:TAB or search:TEXT. */
export const GET: RequestHandler = async ({ locals, url, getClientAddress }) => {
  try {
    return json(await listOf(locals, url, getClientAddress), { headers: { 'cache-control': 'private, no-store' } })
  } catch (error) {
    if (!isHearthError(error)) throw error
    return json({ error: error.code }, { status: error.status })
  }
}

async function listOf({ app, viewer }: App.Locals, url: URL, getClientAddress: () => string) {
  const ask = askOf(url)
  const [kind, ...rest] = (url.searchParams.get('list') ?? '').split(':')
  const mine = () => { if (!viewer) throw notSignedIn(); return viewer }
  if (!viewer && (await readSettings(app)).readMode === 'members') throw notSignedIn()
  switch (kind) {
    case 'home': return homeTimeline(app, mine(), ask)
    case 'community': return communityTimeline(app, viewer, ask)
    case 'bookmarks': return bookmarkedPosts(app, mine(), ask)
    case 'likes': return likedPosts(app, mine(), ask)
    case 'list': return listTimeline(app, mine(), rest.join(':'), ask)
    case 'tag': return tagTimeline(app, viewer, rest.join(':'), ask)
    case 'account': {
      const [id, tab = 'posts'] = rest
      if (!isId(id) || !tabs.includes(tab)) throw notFound()
      return accountTimeline(app, viewer, id, tab as AccountTab, ask)
    }
    case 'search': return (await search(app, viewer, { q: rest.join(':').slice(0, 200), kind: 'posts', address: getClientAddress() }, ask)).posts
    default: throw notFound()
  }
}
