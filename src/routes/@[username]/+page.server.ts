import { featuredTags } from '#server/domain/featured/index.ts'
import { endorsedBy, familiarFollowers } from '#server/domain/relationships/index.ts'
import { accountTimeline, pinnedPosts } from '#server/domain/timelines/index.ts'
import type { AccountTab } from '#server/domain/timelines/index.ts'
import { askOf } from '../ask.server.ts'
import { profileOf } from './profile.server.ts'
import type { PageServerLoad } from './$types.ts'

const tabs: AccountTab[] = ['posts', 'replies', 'media', 'music']

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { app, viewer } = locals
  const { account, relationship } = await profileOf(locals, params.username, url)
  const tab = tabs.find((known) => known === url.searchParams.get('tab')) ?? 'posts'
  const first = !url.searchParams.has('before') && !url.searchParams.has('after')
  const other = viewer && viewer.id !== account.id ? viewer : null
  const [posts, pinned, tags, endorsed, familiar] = await Promise.all([
    accountTimeline(app, viewer, account.id, tab, askOf(url)),
    tab === 'posts' && first ? pinnedPosts(app, viewer, account.id) : [],
    featuredTags(app, viewer, account.id),
    endorsedBy(app, viewer, account.id, { limit: 6 }),
    other ? familiarFollowers(app, other, [account.id]) : null,
  ])
  return { account, relationship, tab, posts, pinned, tags, endorsed: endorsed.items, familiar: familiar?.get(account.id) ?? [] }
}
