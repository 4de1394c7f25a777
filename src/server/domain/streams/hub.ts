import type { App } from '#server/app.ts'
import { seeConversation } from '#server/domain/conversations/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { seeNotification, whoMaySee, whoseHome } from '#server/domain/notifications/index.ts'
import { listsOfPost } from '#server/domain/timelines/index.ts'
import type { Signal } from '#server/platform/bus/index.ts'
import { isHearthError } from '#server/platform/errors.ts'
import { earsOf } from './ears.ts'
import type { Ears } from './ears.ts'
import { selectMuters, selectOpen } from './queries.ts'
import type { Channel, Ear, Hub, Told } from './types.ts'
import { announcementsOf, onceOf, reactionOf, viewsOf } from './views.ts'

type PostSignal = Extract<Signal, { postId: string }>
const lanes = 8 // what concerns different accounts goes on side by side; of one account, and of posts, one after another

/**
 * What happens, to whom it concerns: one subscription of the bus a process. Who may hear of a post is asked anew of the
 * database at each event, for all who listen at once; nothing about rights is remembered.
 */
export function streamHub(app: App): Hub {
  const known = app.caches.get('streams') as Hub | undefined
  if (known) return known
  const ears = earsOf()
  const queues = Array.from({ length: lanes + 1 }, () => Promise.resolve())
  app.bus.subscribe((signal) => {
    const lane = 'postId' in signal ? lanes : 'accountId' in signal ? Number(BigInt(signal.accountId) % BigInt(lanes)) : 0
    queues[lane] = queues[lane]!.then(() => pass(app, ears, signal)).catch((error: unknown) => app.log.error('a stream event failed', { type: signal.type, error: String(error) }))
  })
  const hub: Hub = { listen: ears.listen, unlisten: ears.unlisten, leave: ears.leave }
  app.caches.set('streams', hub)
  return hub
}

async function pass(app: App, ears: Ears, signal: Signal): Promise<void> {
  const tell = (accountId: string, told: Told) => { for (const ear of ears.at(`own:${accountId}`)) ear.hear(`own:${accountId}`, told) }
  switch (signal.type) {
    case 'post.created': return tellOfPost(app, ears, signal, { type: 'post', postId: signal.postId, authorId: signal.authorId, viewFor: viewsOf(app, signal, ears) })
    case 'post.edited': return tellOfPost(app, ears, signal, { type: 'edit', postId: signal.postId, authorId: signal.authorId, viewFor: viewsOf(app, signal, ears) })
    case 'post.removed': return tellOfPost(app, ears, signal, { type: 'removed', postId: signal.postId })
    case 'notification': {
      const [ear] = ears.at(`own:${signal.accountId}`)
      const viewer = ear?.viewer
      if (!viewer) return
      const view = onceOf(() => seeNotification(app, viewer, signal.notificationId).catch(nothing))
      return tell(signal.accountId, signal.notificationId === '0' ? { type: 'unread' } : { type: 'notification', id: signal.notificationId, view })
    }
    case 'conversation': {
      const channel = `direct:${signal.accountId}` as const
      const [first] = ears.at(channel)
      const viewer = first?.viewer
      if (!viewer) return
      const view = onceOf(() => seeConversation(app, viewer, signal.conversationId).catch(nothing))
      for (const ear of ears.at(channel)) ear.hear(channel, { type: 'conversation', view })
      return
    }
    case 'notifications.merged': return tell(signal.accountId, { type: 'merged' })
    case 'filters.changed': return tell(signal.accountId, { type: 'filters' })
    case 'media': return tell(signal.accountId, { type: 'media', mediaId: signal.mediaId })
    case 'announcement': {
      const told: Told = { type: 'announcement', id: signal.announcementId ?? null, viewFor: announcementsOf(app, signal.announcementId) }
      for (const id of ears.accountIds()) tell(id, told)
      return
    }
    case 'announcement.reaction': {
      const told: Told = { type: 'reaction', announcementId: signal.announcementId, view: reactionOf(app, signal) }
      for (const id of ears.accountIds()) tell(id, told)
      return
    }
    // Somebody may have been signed out.
    case 'missed': for (const id of ears.accountIds()) for (const ear of ears.of(id)) ear.check(); return
    case 'signedOut': for (const ear of ears.of(signal.accountId)) ear.check(); return
    default:
  }
}

async function tellOfPost(app: App, ears: Ears, { postId, authorId }: PostSignal, told: Told): Promise<void> {
  const removed = told.type === 'removed'
  const homes = ears.homes()
  // While it is asked who may hear, the post is read: by then it is ready.
  if ('viewFor' in told && ears.reads()) told.viewFor(null).catch(() => {})
  const [readers, open] = await Promise.all([whoseHome(app, postId, homes, removed), ears.anyOpen() ? selectOpen(app.database.queries, postId, removed) : undefined])
  // One's own posts stand in one's home, wherever they were written.
  for (const id of new Set([...readers, ...ears.at(`home:${authorId}`).size ? [authorId] : []])) for (const ear of ears.at(`home:${id}`)) ear.hear(`home:${id}`, told)
  await tellLists(app, ears, postId, told)
  if (!open) return
  const channels: Channel[] = [...open.reply ? [] : ['public' as const, ...open.media ? ['public:media' as const] : []], ...open.tags.map((name): Channel => `tag:${name}`)]
  const listening = channels.flatMap((channel) => [...ears.at(channel)].map((ear): [Channel, Ear] => [channel, ear]))
  if (listening.length === 0) return
  const ids = [...new Set(listening.flatMap(([, { viewer }]) => viewer?.id ?? []))]
  const [may, muters, { readMode }] = await Promise.all([whoMaySee(app, postId, ids, removed), selectMuters(app.database.queries, postId, ids, app.now()), readSettings(app)])
  for (const id of muters) may.delete(id)
  const anybody = open.anybody && readMode === 'everyone'
  for (const [channel, ear] of listening) if (ear.viewer ? may.has(ear.viewer.id) : anybody) ear.hear(channel, told)
}

/** A list is its owner's: they alone can listen to it, and may have lost the right to see the post. */
async function tellLists(app: App, ears: Ears, postId: string, told: Told): Promise<void> {
  const lists = ears.lists()
  if (lists.length === 0) return
  const hearing = [...await listsOfPost(app, postId, lists)].flatMap((id) => [...ears.at(`list:${id}`)].map((ear): [Channel, Ear] => [`list:${id}`, ear]))
  const may = await whoMaySee(app, postId, [...new Set(hearing.flatMap(([, { viewer }]) => viewer?.id ?? []))], told.type === 'removed')
  for (const [channel, ear] of hearing) if (ear.viewer && may.has(ear.viewer.id)) ear.hear(channel, told)
}

/** What isn't there any more isn't told. */
function nothing(error: unknown): null {
  if (isHearthError(error)) return null
  throw error
}
