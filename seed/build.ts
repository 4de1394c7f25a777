import { followGraph } from './graph.ts'
import type { Graph } from './graph.ts'
import { cast, personAt } from './people.ts'
import type { Person } from './people.ts'
import { random } from './random.ts'
import { day, weeks } from './rhythm.ts'
import { writePosts } from './write.ts'
import type { Written } from './write.ts'

export type Wish = { members: number; posts: number; seed: number; until: Date; /** ends every username, where others may have taken them */ suffix?: string }
export type Member = Person & { id: string; createdAt: Date }
export type Follow = { follower: number; followed: number; id: string; at: Date; requested: boolean }
export type Town = Written & { members: Member[]; graph: Graph; follows: Follow[] }

/** Everything the demonstration consists of, from its seed alone: the same wish gives the same town, letter for letter. */
export function buildTown(wish: Wish, onProgress: (done: number, total: number) => void = () => {}): Town {
  const chance = random(wish.seed)
  const ids = idsFrom(63)
  const members: Member[] = Array.from({ length: wish.members }, (_, index) => {
    const person = cast[index] ?? personAt(index, chance)
    const createdAt = new Date(Math.floor(wish.until.getTime() - (weeks * 7 + 30) * day + (index / wish.members) * 60 * day))
    return { ...person, username: person.username + (wish.suffix ?? ''), id: ids(createdAt), createdAt }
  })
  const graph = followGraph(members.map((one) => one.language), chance)
  const follows = followsOf(members, graph, wish.until, random(wish.seed + 1))
  // Who only asked doesn't read what is for followers.
  for (const { follower, followed } of follows.filter(({ requested }) => requested)) graph.followers[followed] = graph.followers[followed]!.filter((one) => one !== follower)
  return { members, graph, follows, ...writePosts(wish, members, graph, chance, ids, onProgress) }
}

/** Rising ids for rising times, with a high process number that servers take last. */
export function idsFrom(process: number) {
  let last = 0n
  return (at: Date): string => {
    const wanted = (BigInt(at.getTime()) << 16n) | (BigInt(process) << 10n)
    last = wanted > last ? wanted : last + 1n
    return last.toString()
  }
}

/** Each follow with its time: soon after both were there, some of it quite lately. */
function followsOf(members: Member[], graph: Graph, until: Date, chance: ReturnType<typeof random>): Follow[] {
  const ids = idsFrom(62)
  return graph.following.flatMap((list, follower) => list.map((followed) => {
    const since = Math.max(members[follower]!.createdAt.getTime(), members[followed]!.createdAt.getTime()) + 3_600_000
    const at = new Date(Math.floor(since + chance.next() ** 2 * Math.max(0, until.getTime() - since)))
    return { follower, followed, at, requested: members[followed]!.locked && chance.chance(0.08) }
  })).sort((a, b) => a.at.getTime() - b.at.getTime()).map((follow) => ({ ...follow, id: ids(follow.at) }))
}
