import type { Random } from './random.ts'

/** Who follows whom: for each person the places of those they follow, and of those who follow them. */
export type Graph = { following: number[][]; followers: number[][] }

/**
 * A heavy tail: whoever is followed is followed more, a few are known to everybody, and people of one language find
 * each other. The first person follows about 200 and is followed by about a third; half of all follow 50 or more.
 */
export function followGraph(languages: string[], chance: Random): Graph {
  const people = languages.length
  const following: number[][] = []
  const followers: number[][] = languages.map(() => [])
  const pool: number[] = languages.map((_, index) => index)
  const byLanguage = Map.groupBy(languages.keys(), (index) => languages[index]!)
  for (let follower = 0; follower < people; follower++) {
    const mine = new Set<number>()
    const wanted = Math.min(people - 1, follower === 0 ? 200 : Math.round(Math.min(people / 3, 62) * Math.exp(0.7 * chance.bell())) + 2)
    const near = byLanguage.get(languages[follower]!)!
    const add = (followed: number) => { if (followed !== follower) mine.add(followed) }
    if (chance.chance(0.33)) add(0)
    for (let tries = 0; mine.size < wanted && tries < wanted * 5; tries++) {
      const luck = chance.next()
      const followed = luck < 0.1 ? 1 + chance.tail(Math.min(people - 1, 80), 1.2) : luck < 0.34 ? near[chance.int(near.length)]! : luck < 0.7 ? pool[chance.int(pool.length)]! : chance.int(people)
      if (followed !== 0 && followed < people) add(followed)
    }
    for (const followed of mine) { pool.push(followed); followers[followed]!.push(follower) }
    following.push([...mine])
  }
  return { following, followers }
}
