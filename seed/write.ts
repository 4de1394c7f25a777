import { readText } from '../src/server/platform/text/render.ts'
import { readTag } from '../src/server/platform/text/tag.ts'
import type { Member, Wish } from './build.ts'
import type { Graph } from './graph.ts'
import { cast } from './people.ts'
import type { Random } from './random.ts'
import { day, eventAt, postTimes } from './rhythm.ts'
import { fill, say } from './texts/grammar.ts'
import { english, grammarOf } from './texts/index.ts'
import { polls } from './texts/polls.ts'

export type SeedPoll = { id: string; multiple: boolean; endsAt: Date; options: readonly string[] }
export type SeedPost = {
  id: string; author: number; at: Date; text: string; html: string; language: string; audience: 'public' | 'members' | 'followers' | 'mentioned'; warning: string
  replyTo: number | null; thread: number; tags: string[]; mentions: number[]; likes: number; boosts: number; edited: boolean; poll: SeedPoll | null
}
export type Written = { posts: SeedPost[]; tags: Map<string, { name: string; displayName: string }> }

const warnings = ['Spoilers for film night', 'Long, about beans', 'A spider, politely photographed', 'Dentist', 'Football, at length', 'Food, very close']

/** All posts, oldest first. Answers come from people who could read what they answer. */
export function writePosts(wish: Wish, members: Member[], graph: Graph, chance: Random, ids: (at: Date) => string, onProgress: (done: number, total: number) => void): Written {
  const posts: SeedPost[] = []
  const tags: Written['tags'] = new Map()
  const people = new Map(members.map((one) => [one.username, one.username]))
  for (const [index, at] of postTimes(wish.posts, wish.until, chance).entries()) {
    if (index % 2000 === 0) onProgress(index, wish.posts)
    const parentAt = chance.chance(0.4) ? answerable(posts, chance) : null
    const parent = parentAt === null ? undefined : posts[parentAt]!
    const author = parent ? whoAnswers(posts, parent, graph, members, chance) : writerAt(at, members, chance)
    const id = ids(at)
    const words = parent ? answer(parent, members[author]!, chance) : begin(at, wish.until, members[author]!, chance)
    const mentions = parent ? (parent.author === author ? [] : [parent.author]) : chance.chance(0.05) ? [chance.pick(graph.following[author]!.length ? graph.following[author]! : [0])].filter((one) => one !== author) : []
    const whispered = !parent && mentions.length > 0 && chance.chance(0.3)
    const text = mentions[0] === undefined ? words.text : `@${members[mentions[0]]!.username} ${words.text}`
    const read = readText(text)
    const named = read.tags.map((tag) => readTag(tag.displayName)).filter((tag) => tag !== null)
    for (const tag of named) if (!tags.has(tag.name)) tags.set(tag.name, tag)
    const audience = parent ? parent.audience : whispered ? 'mentioned' : chance.chance(0.52) ? 'public' : chance.chance(0.82) ? 'members' : 'followers'
    const popular = 1.2 * ((1 - chance.next()) ** -0.72 - 1) * (1 + 2.5 / (1 + author / 20)) * (parent ? 0.35 : 1)
    const poll = words.poll && !whispered ? { id: ids(at), multiple: words.poll.multiple ?? false, options: words.poll.options, endsAt: new Date(at.getTime() + (1 + chance.int(6)) * day) } : null
    posts.push({
      id, author, at, text, html: read.html({ people, emojis: new Map() }), language: words.language, audience,
      warning: !parent && chance.chance(0.012) ? chance.pick(warnings) : '', replyTo: parentAt, thread: parent?.thread ?? index, tags: [...new Set(named.map((tag) => tag.name))], mentions,
      likes: Math.floor(Math.min(popular, members.length / 5)), boosts: audience === 'public' ? Math.floor(Math.min(popular / 9, members.length / 12)) : 0, edited: chance.chance(0.012), poll,
    })
  }
  return { posts, tags }
}

/** A recent post, more likely a liked one; null where there is none yet. */
function answerable(posts: SeedPost[], chance: Random): number | null {
  if (posts.length < 5) return null
  const one = () => posts.length - 1 - chance.tail(Math.min(posts.length, 1500), 3)
  const candidates = [one(), one(), one()].sort((a, b) => posts[b]!.likes - posts[a]!.likes)
  return chance.chance(0.6) ? candidates[0]! : candidates[2]!
}

function whoAnswers(posts: SeedPost[], parent: SeedPost, graph: Graph, members: Member[], chance: Random): number {
  const before = parent.replyTo === null ? undefined : posts[parent.replyTo]!
  if (parent.audience === 'mentioned') return parent.mentions[0] ?? parent.author
  if (before && chance.chance(0.5)) return before.author
  if (chance.chance(0.06)) return parent.author
  // Only who was there already answers.
  const followers = graph.followers[parent.author]!.filter((one) => members[one]!.createdAt < parent.at)
  return followers.length ? chance.pick(followers) : parent.author
}

/** A member's place says how much they write: the first ones most. */
function writerAt(at: Date, members: Member[], chance: Random): number {
  for (let tries = 0; tries < 20; tries++) {
    const author = chance.tail(members.length, 1.65)
    if (members[author]!.createdAt < at) return author
  }
  return 0
}

function answer(parent: SeedPost, author: Member, chance: Random): { text: string; language: string; poll?: undefined } {
  const grammar = grammarOf(chance.chance(0.8) ? parent.language : author.language)
  return { text: say(grammar, chance, 'replies'), language: grammar.language }
}

function begin(at: Date, until: Date, author: Member, chance: Random): { text: string; language: string; poll?: (typeof polls)[number] } {
  const event = eventAt(at, until, chance)
  if (event) return { text: `${fill(chance.pick(event.lines), english, chance)} #${event.tag}`, language: 'en' }
  if (chance.chance(0.004)) {
    const poll = chance.pick(polls)
    return { text: poll.text, language: 'en', poll }
  }
  const grammar = grammarOf(chance.chance(cast.includes(author) ? 0.9 : 0.75) ? author.language : 'en')
  return { text: say(grammar, chance, 'patterns'), language: grammar.language }
}
