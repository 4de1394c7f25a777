import { redirect } from '@sveltejs/kit'
import { dismissAll, dismissGroup, markAllRead, markRead, notificationGroups, notificationPolicy } from '#server/domain/notifications/index.ts'
import type { NotificationFilter } from '#server/domain/notifications/index.ts'
import { followRequests } from '#server/domain/relationships/index.ts'
import { askOf } from '../ask.server.ts'
import { requireViewer, safeNext, textOf } from '../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

const filters: NotificationFilter[] = ['all', 'mentions', 'likes', 'boosts', 'follows', 'community']
const here = '/notifications'

export const load: PageServerLoad = async ({ locals, url, request, isDataRequest }) => {
  const viewer = requireViewer(locals, url)
  if (viewer.state === 'pending') redirect(303, '/waiting')
  const filter = filters.find((known) => known === url.searchParams.get('filter')) ?? 'all'
  const ask = askOf(url)
  // Whatever comes after this moment stays unread.
  const upTo = locals.app.newId()
  const [groups, requests, policy] = await Promise.all([notificationGroups(locals.app, viewer, ask, filter), followRequests(locals.app, viewer, { limit: 20 }), notificationPolicy(locals.app, viewer)])
  // Whoever opens the first page of everything has read it. Data that is fetched ahead (a pointer over the link) isn't opening: then the page says so itself.
  const first = filter === 'all' && !ask.before && !ask.after
  const opened = !isDataRequest && !/prefetch/.test(request.headers.get('sec-purpose') ?? '')
  if (first && opened && groups.items.some((group) => group.unread)) await markRead(locals.app, viewer, upTo)
  return { filter, filters, groups, requests: requests.items, setAside: policy.summary.requests, readUpTo: first ? upTo : null }
}

export const actions: Actions = {
  /** With `upTo` what is older than that, otherwise all. */
  read: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    const upTo = textOf(data, 'upTo')
    await (upTo ? markRead(locals.app, viewer, upTo) : markAllRead(locals.app, viewer))
    redirect(303, safeNext(data.get('next'), here))
  },
  dismiss: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    const key = textOf(data, 'key')
    if (key) await dismissGroup(locals.app, viewer, key)
    redirect(303, safeNext(data.get('next'), here))
  },
  clear: async ({ locals, url }) => {
    await dismissAll(locals.app, requireViewer(locals, url))
    redirect(303, here)
  },
}
