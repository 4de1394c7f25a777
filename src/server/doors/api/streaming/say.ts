import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import type { Told } from '#server/domain/streams/index.ts'
import { notificationEntity, speaker, statusEntity } from '#server/entities/index.ts'
import { aroundOf } from '../routes/notifications.ts'

/** An event as apps read it; `payload` is JSON, or an id as it is. */
export type Said = { event: string; payload?: string }

/** Puts what is told into apps' words, once for all who hear it. Null: nothing for apps, or nothing to see any more. */
export function sayer(app: App): (told: Told, viewer: Account | null) => Promise<Said | null> {
  const kept = new WeakMap<Told, Promise<Said | null>>()
  return (told, viewer) => {
    let said = kept.get(told)
    if (!said) kept.set(told, said = say(app, told, viewer))
    return said
  }
}

async function say(app: App, told: Told, viewer: Account | null): Promise<Said | null> {
  switch (told.type) {
    case 'post': case 'edit': {
      const view = await told.view()
      // As nobody's: whether the reader liked it isn't said, as everywhere in this API's streams.
      return view && { event: told.type === 'post' ? 'update' : 'status.update', payload: JSON.stringify(statusEntity(view, await speaker(app, null))) }
    }
    case 'removed': return { event: 'delete', payload: told.postId }
    case 'notification': {
      const view = viewer && await told.view()
      if (!view) return null
      // Kinds that apps have no word for are never found by `view`.
      return { event: 'notification', payload: JSON.stringify(notificationEntity(view, await aroundOf({ app, me: viewer }, [view]), await speaker(app, viewer.id))) }
    }
    case 'merged': return { event: 'notifications_merged', payload: '1' }
    default: return null
  }
}
