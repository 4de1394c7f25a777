import { directionOf } from '../src/i18n/locales.ts'
import { readText } from '../src/server/platform/text/render.ts'
import { readTag } from '../src/server/platform/text/tag.ts'
import { cast, personAt } from './people.ts'
import type { Person } from './people.ts'
import { random } from './random.ts'
import type { Random } from './random.ts'
import { english } from './texts/en.ts'
import { say } from './texts/grammar.ts'
import { others } from './texts/others.ts'

export type Wish = { members: number; posts: number; seed: number; until: Date }
export type Member = Person & { id: string; createdAt: Date }
export type SeedPost = { id: string; author: number; at: Date; text: string; html: string; language: string; audience: string; warning: string; replyTo: number | null; thread: number; tags: string[]; mentions: number[]; likes: number; boosts: number }
export type Town = { members: Member[]; posts: SeedPost[]; follows: [number, number][]; tags: Map<string, { name: string; displayName: string }> }

const day = 86_400_000
const weeks = 8
const grammarOf = (language: string) => others.find((one) => one.language === language) ?? english

/** Everything the demonstration consists of, from its seed alone: the same wish gives the same town, letter for letter. */
export function buildTown(wish: Wish, onProgress: (done: number, total: number) => void = () => {}): Town {
  const chance = random(wish.seed)
  const ids = idsFrom()
  const members: Member[] = Array.from({ length: wish.members }, (_, index) => {
    const person = cast[index] ?? personAt(index, chance)
    const createdAt = new Date(wish.until.getTime() - (weeks * 7 + 30) * day + (index / wish.members) * 60 * day)
    return { ...person, id: ids(createdAt), createdAt }
  })
  return { members, follows: followGraph(members.length, chance), ...writePosts(wish, members, chance, ids, onProgress) }
}

/** Rising ids for rising times, with a process number (63) that no server takes first. */
function idsFrom() {
  let last = 0n
  return (at: Date): string => {
    const wanted = (BigInt(at.getTime()) << 16n) | (63n << 10n)
    last = wanted > last ? wanted : last + 1n
    return last.toString()
  }
}

/** A heavy tail: whoever is followed is followed more. mara follows about 200. */
function followGraph(people: number, chance: Random): [number, number][] {
  const edges = new Set<number>()
  const pool: number[] = Array.from({ length: people }, (_, index) => index)
  for (let follower = 0; follower < people; follower++) {
    const wanted = follower === 0 ? Math.min(200, people - 1) : Math.min(people - 1, 8 + chance.tail(220, 2.2))
    for (let tries = 0, made = 0; made < wanted && tries < wanted * 4; tries++) {
      const followed = chance.chance(0.12) ? chance.tail(Math.min(people, 60), 1.6) : pool[chance.int(pool.length)]!
      const key = follower * people + followed
      if (followed === follower || edges.has(key)) continue
      edges.add(key)
      pool.push(followed)
      made++
    }
  }
  return [...edges].map((key) => [Math.floor(key / people), key % people])
}

function writePosts(wish: Wish, members: Member[], chance: Random, ids: (at: Date) => string, onProgress: (done: number, total: number) => void) {
  const posts: SeedPost[] = []
  const tags = new Map<string, { name: string; displayName: string }>()
  const people = new Map(members.map((one) => [one.username, one.username]))
  const times = postTimes(wish, chance)
  for (const [index, at] of times.entries()) {
    if (index % 2000 === 0) onProgress(index, wish.posts)
    // A member's place says how much they write: the first ones most.
    const author = chance.tail(members.length, 1.9)
    const language = chance.chance(0.72) ? members[author]!.language : 'en'
    const grammar = grammarOf(language)
    const parentAt = index > 20 && chance.chance(0.38) ? Math.max(0, index - 1 - chance.tail(Math.min(index, 400), 4)) : null
    const parent = parentAt === null ? undefined : posts[parentAt]
    let text = say(parent ? grammarOf(chance.chance(0.7) ? parent.language : language) : grammar, chance, parent ? 'replies' : 'patterns')
    const mentions: number[] = []
    if (parent && parent.author !== author) mentions.push(parent.author)
    else if (!parent && chance.chance(0.05)) mentions.push(chance.tail(members.length, 2.5))
    if (mentions[0] !== undefined) text = `@${members[mentions[0]]!.username} ${text}`
    // Something is going on in the last two days.
    if (!parent && at.getTime() > wish.until.getTime() - 2 * day && chance.chance(0.09)) text += ` ${chance.pick(['#harvestfair', '#firstsnow', '#openstage'])}`
    const read = readText(text)
    const named = read.tags.map((tag) => readTag(tag.displayName)).filter((tag) => tag !== null)
    for (const tag of named) if (!tags.has(tag.name)) tags.set(tag.name, tag)
    const audience = parent ? parent.audience : chance.chance(0.5) ? 'public' : chance.chance(0.8) ? 'members' : 'followers'
    const popular = chance.tail(60, 5) * (1 + 3 / (1 + author / 12))
    posts.push({
      id: ids(at), author, at, text, html: read.html({ people, emojis: new Map() }), language: directionOf(language) === 'rtl' ? language : grammar.language, audience,
      warning: !parent && chance.chance(0.012) ? chance.pick(['Spoilers for film night', 'Long, about beans', 'A spider, politely photographed']) : '',
      replyTo: parentAt, thread: parent?.thread ?? index, tags: named.map((tag) => tag.name), mentions,
      likes: audience === 'followers' ? Math.floor(popular / 3) : Math.floor(popular), boosts: audience === 'public' ? Math.floor(popular / 24) : 0,
    })
  }
  return { posts, tags }
}

/** Times over eight weeks: more by day than by night, more at weekends, and growing a little. */
function postTimes(wish: Wish, chance: Random): Date[] {
  const begin = wish.until.getTime() - weeks * 7 * day
  const times: number[] = []
  while (times.length < wish.posts) {
    const at = begin + Math.sqrt(chance.next() * 0.75 + 0.25 * chance.next()) * weeks * 7 * day
    if (at > wish.until.getTime()) continue
    const hour = new Date(at).getUTCHours()
    const weekend = [0, 6].includes(new Date(at).getUTCDay())
    const weight = (hour < 6 ? 0.08 : hour < 9 ? 0.6 : hour < 17 ? 0.55 : hour < 23 ? 1 : 0.35) * (weekend ? 1 : 0.8)
    if (chance.chance(weight)) times.push(Math.floor(at))
  }
  return times.sort((a, b) => a - b).map((at) => new Date(at))
}
