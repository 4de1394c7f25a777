import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { streamHub } from '#server/domain/streams/index.ts'
import type { Channel, Ear, Told } from '#server/domain/streams/index.ts'
import { countriesOfPost } from '#server/domain/withholding/index.ts'
import { unavailable } from '#server/platform/errors.ts'
import { sayer } from './say.ts'
import type { Token } from '../route.ts'
import type { Said } from './say.ts'
import type { Wish } from './channels.ts'

/** One app's open connection, whatever it is made of. */
export type Line = {
  send(name: string[], said: Said): void
  /** bytes that wait for a slow reader */
  waiting(): number
  /** ends it: `why` for the log of the app's maker */
  close(why: string): void
  /** asks whether who opened it may still listen */
  good(): Promise<boolean>
}
export type Connection = { add(wish: Wish): void; remove(wish: Wish): void; /** the other side is gone */ gone(): void }

const mostEach = 20 // connections of one member; apps on several devices have a few each
const mostAll = 6000 // of this process
const mostWishes = 100 // of one connection
const mostWaiting = 1024 * 1024 // bytes a slow reader may leave unread
const recheckMs = 5 * 60_000 // whatever ended without a signal is found out
const expiryMs = 1000

export type Connections = ReturnType<typeof connectionsOf>

/** The open connections of apps in this process. */
export function connectionsOf(app: App) {
  const known = app.caches.get('api.streams') as Made | undefined
  if (known) return known
  const made = make(app)
  app.caches.set('api.streams', made)
  return made
}
type Made = { open(viewer: Account | null, token: Token | null, line: Line): Connection; end(): void; count(): number }

function make(app: App): Made {
  const hub = streamHub(app)
  const say = sayer(app)
  const all = new Map<Line, { token: Token | null; end(why: string): void }>()
  const byMember = new Map<string, Set<Line>>()
  const failed = (error: unknown) => app.log.error('a stream of an app failed', { error: String(error) })

  // Tokens that end by themselves do so without a signal.
  const watch = setInterval(() => {
    const now = app.now()
    for (const { token, end } of all.values()) if (token?.expiresAt && token.expiresAt <= now) end('the token has expired')
  }, expiryMs)
  watch.unref()
  // Of a member's tokens the hub hears; of those of apps alone nobody would.
  app.bus.subscribe((signal) => { if (signal.type === 'tokenEnded') for (const { token, end } of all.values()) if (token?.id === signal.tokenId) end('signed out') })

  return {
    /** Throws 503 when this process holds as many as it can. */
    open(viewer, token, line) {
      if (all.size >= mostAll) throw unavailable('busy', 30)
      const mine = viewer ? byMember.get(viewer.id) ?? new Set<Line>() : new Set<Line>()
      const [oldest] = mine
      if (oldest && mine.size >= mostEach) all.get(oldest)?.end('too many streams of one member: the oldest ends')
      const names = new Map<Channel, Map<string, string[]>>()
      let last = Promise.resolve()
      let open = true
      const country = app.place.country()
      const check = () => { line.good().then((good) => { if (!good) end('signed out') }).catch(failed) }
      const ear: Ear = {
        viewer, reads: true,
        // One after another: an event never overtakes the one before it.
        hear(channel, told) {
          last = last.then(async () => {
            const said = open && !(await unseenIn(app, country, told)) ? await say(told, viewer) : null
            if (!said || !open) return
            if (line.waiting() > mostWaiting) return end('too slow')
            for (const name of names.get(channel)?.values() ?? []) line.send(name, said)
          }).catch(failed)
        },
        check,
      }
      const timer = setInterval(check, recheckMs)
      const gone = () => {
        if (!open) return
        open = false
        clearInterval(timer)
        hub.leave(ear)
        all.delete(line)
        mine.delete(line)
        if (viewer && mine.size === 0) byMember.delete(viewer.id)
      }
      const end = (why: string) => { gone(); line.close(why) }
      all.set(line, { token, end })
      mine.add(line)
      if (viewer) byMember.set(viewer.id, mine)
      return {
        add(wish) {
          const key = wish.name.join('\n')
          for (const channel of wish.channels) {
            const known = names.get(channel) ?? new Map<string, string[]>()
            if (known.size >= mostWishes || names.size >= mostWishes) return
            names.set(channel, known.set(key, wish.name))
            if (open) hub.listen(ear, channel)
          }
        },
        remove(wish) {
          const key = wish.name.join('\n')
          for (const channel of wish.channels) {
            const known = names.get(channel)
            known?.delete(key)
            if (known?.size) continue
            names.delete(channel)
            hub.unlisten(ear, channel)
          }
        },
        gone,
      }
    },
    end() { for (const { end } of all.values()) end('the server restarts') },
    count: () => all.size,
  }
}

/** Is what is told about a post that the law of the listener's country wants unseen there? */
async function unseenIn(app: App, country: string | null, told: Told): Promise<boolean> {
  if (country === null || (told.type !== 'post' && told.type !== 'edit' && told.type !== 'notification')) return false
  const postId = told.type === 'notification' ? (await told.view())?.post?.id : told.postId
  return postId !== undefined && (await countriesOfPost(app, postId)).has(country)
}
