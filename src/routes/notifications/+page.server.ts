import { redirect } from '@sveltejs/kit'
import { dismissAll, markRead, notificationGroups } from '#server/domain/notifications/index.ts'
import type { NotificationFilter } from '#server/domain/notifications/index.ts'
import { followRequests } from '#server/domain/relationships/index.ts'
import { askOf } from '../ask.server.ts'
import { requireViewer } from '../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

const filters: NotificationFilter[] = ['all', 'mentions', 'likes', 'boosts', 'follows']

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = requireViewer(locals, url)
  const filter = filters.find((known) => known === url.searchParams.get('filter')) ?? 'all'
  const [groups, requests] = await Promise.all([notificationGroups(locals.app, viewer, askOf(url), filter), followRequests(locals.app, viewer, { limit: 20 })])
  // Reading the first page of everything is reading it.
  const newest = groups.items[0]
  if (filter === 'all' && !url.searchParams.has('before') && newest?.unread) await markRead(locals.app, viewer, newest.latestId)
  return { filter, groups, requests: requests.items }
}

export const actions: Actions = {
  clear: async ({ locals, url }) => {
    await dismissAll(locals.app, requireViewer(locals, url))
    redirect(303, '/notifications')
  },
}
