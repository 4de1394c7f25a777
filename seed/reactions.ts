import { idsFrom } from './build.ts'
import type { Town } from './build.ts'
import { random } from './random.ts'

export type Reaction = { who: string; post: string; id: string; at: Date }

/** Who liked or boosted what: mostly the author's followers, a little while after; nobody what they may not see. Oldest first. */
export function reactions(town: Town, kind: 'likes' | 'boosts'): Reaction[] {
  const { members, graph, posts } = town
  const chance = random(kind === 'likes' ? 77 : 78)
  const last = posts.at(-1)?.at.getTime() ?? 0
  const rows: Omit<Reaction, 'id'>[] = []
  for (const post of posts) {
    const followers = graph.followers[post.author]!
    const people = new Set<number>()
    for (let n = 0; n < post[kind]; n++) {
      if (post.audience === 'mentioned') { if (post.mentions[0] !== undefined) people.add(post.mentions[0]) }
      else if (followers.length && (post.audience === 'followers' || chance.chance(0.75))) people.add(chance.pick(followers))
      else if (post.audience !== 'followers') people.add(chance.tail(members.length, 1.3))
    }
    people.delete(post.author)
    for (const who of people) {
      const at = new Date(Math.floor(post.at.getTime() + 60_000 + chance.next() ** 3 * 2 * 86_400_000))
      if (at.getTime() <= last && members[who]!.createdAt < at) rows.push({ who: members[who]!.id, post: post.id, at })
    }
  }
  const ids = idsFrom(kind === 'likes' ? 61 : 60)
  return rows.sort((a, b) => a.at.getTime() - b.at.getTime()).map((row) => ({ ...row, id: ids(row.at) }))
}
