import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { reactionsTo } from '#server/domain/emojis/index.ts'
import type { PostView } from '#server/domain/posts/index.ts'
import type { Told } from '#server/domain/streams/index.ts'
import { announcementEntity, conversationEntity, filterResult, notificationEntity, reactionEntity, speaker, statusEntity } from '#server/entities/index.ts'
import { aroundOf } from '../routes/notifications.ts'

/** An event as apps read it; `payload` is JSON, or an id as it is. */
export type Said = { event: string; payload?: string; /** as it is sent, by the stream's name */ frames: Map<string, Buffer> }
const said = (event: string, payload?: string): Said => ({ event, payload, frames: new Map() })

/** Puts what is told into apps' words, once for all to whom it is the same. Null: nothing for apps, or nothing to see any more. */
export function sayer(app: App): (told: Told, viewer: Account | null) => Promise<Said | null> {
  const kept = new WeakMap<object, Promise<Said | null>>()
  const once = (of: object, make: () => Promise<Said | null>) => {
    let made = kept.get(of)
    if (!made) kept.set(of, made = make())
    return made
  }
  return async (told, viewer) => {
    if (told.type === 'announcement') {
      const view = told.id === null ? null : await told.viewFor(viewer)
      return view ? once(view, async () => said('announcement', JSON.stringify(announcementEntity(view, (await reactionsTo(app, null, [view.id])).get(view.id) ?? [], await speaker(app, null))))) : told.id === null ? null : once(told, async () => said('announcement.delete', told.id ?? ''))
    }
    if (told.type === 'reaction') return once(told, async () => said('announcement.reaction', JSON.stringify({ ...reactionEntity({ ...await told.view(), me: false }, await speaker(app, null)), announcement_id: told.announcementId })))
    if (!('viewFor' in told)) return once(told, () => say(app, told, viewer))
    const view = await told.viewFor(viewer)
    return view && once(view, () => sayPost(app, told.type === 'post' ? 'update' : 'status.update', view))
  }
}

/** As nobody's: whether the reader liked it isn't said, as everywhere in this API's streams; what their filters found is. */
async function sayPost(app: App, event: string, view: PostView): Promise<Said> {
  const status = statusEntity(view, await speaker(app, null))
  return said(event, JSON.stringify(view.filtered.length ? { ...status, filtered: view.filtered.map(filterResult) } : status))
}

async function say(app: App, told: Exclude<Told, { viewFor: unknown } | { type: 'reaction' }>, viewer: Account | null): Promise<Said | null> {
  switch (told.type) {
    case 'removed': return said('delete', told.postId)
    case 'notification': {
      const view = viewer && await told.view()
      if (!view) return null
      return said('notification', JSON.stringify(notificationEntity(view, await aroundOf({ app, me: viewer }, [view]), await speaker(app, viewer.id))))
    }
    case 'conversation': {
      const view = viewer && await told.view()
      return view && said('conversation', JSON.stringify(conversationEntity(view, await speaker(app, viewer.id))))
    }
    case 'merged': return said('notifications_merged', '1')
    case 'filters': return said('filters_changed')
    default: return null
  }
}
