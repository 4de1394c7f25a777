import type { Channel, Ear } from './types.ts'


/** Who listens to what, found by channel and by account: an event never walks all of them. */
export type Ears = ReturnType<typeof earsOf>

export function earsOf() {
  const byChannel = new Map<Channel, Set<Ear>>()
  const channelsOf = new Map<Ear, Set<Channel>>()
  const byAccount = new Map<string, Set<Ear>>()
  const homes = new Set<string>()
  const lists = new Set<string>()
  const idsOf = (channel: Channel) => channel.startsWith('home:') ? homes : channel.startsWith('list:') ? lists : undefined
  let open = 0 // channels of posts for everybody
  let readers = 0 // ears that read what they hear
  const isOpen = (channel: Channel) => channel.startsWith('public') || channel.startsWith('tag:')

  const unlisten = (ear: Ear, channel: Channel) => {
    const ears = byChannel.get(channel)
    if (!ears?.delete(ear)) return
    channelsOf.get(ear)?.delete(channel)
    if (isOpen(channel)) open--
    if (ears.size > 0) return
    byChannel.delete(channel)
    idsOf(channel)?.delete(channel.slice(5))
  }
  return {
    listen(ear: Ear, channel: Channel) {
      const ears = byChannel.get(channel) ?? new Set<Ear>()
      if (ears.has(ear)) return
      if (ear.reads && !channelsOf.has(ear)) readers++
      byChannel.set(channel, ears.add(ear))
      channelsOf.set(ear, (channelsOf.get(ear) ?? new Set<Channel>()).add(channel))
      if (isOpen(channel)) open++
      idsOf(channel)?.add(channel.slice(5))
      if (ear.viewer) byAccount.set(ear.viewer.id, (byAccount.get(ear.viewer.id) ?? new Set<Ear>()).add(ear))
    },
    unlisten,
    leave(ear: Ear) {
      for (const channel of channelsOf.get(ear) ?? []) unlisten(ear, channel)
      if (channelsOf.delete(ear) && ear.reads) readers--
      const id = ear.viewer?.id
      const mine = id && byAccount.get(id)
      if (!mine) return
      mine.delete(ear)
      if (mine.size === 0) byAccount.delete(id)
    },
    at: (channel: Channel): ReadonlySet<Ear> => byChannel.get(channel) ?? none,
    of: (accountId: string): ReadonlySet<Ear> => byAccount.get(accountId) ?? none,
    accountIds: () => [...byAccount.keys()],
    /** whose homes are listened to */
    homes: () => [...homes],
    /** the lists that are listened to */
    lists: () => [...lists],
    anyOpen: () => open > 0,
    reads: () => readers > 0,
  }
}
const none: ReadonlySet<Ear> = new Set()
