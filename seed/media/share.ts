import { Readable } from 'node:stream'
import sharp from 'sharp'
import type { App } from '../../src/server/app.ts'
import { findAccount } from '../../src/server/domain/accounts/index.ts'
import type { Account } from '../../src/server/domain/accounts/index.ts'
import { screenMedia } from '../../src/server/domain/screening/index.ts'
import { acceptUpload, describeMedia, processMedia, removeMedia, seeMedia } from '../../src/server/domain/media/index.ts'
import { avEngineStatus } from '../../src/server/platform/av/index.ts'
import { readText } from '../../src/server/platform/text/render.ts'
import type { Town } from '../build.ts'
import type { Progress } from '../load.ts'
import { cast } from '../people.ts'
import { random } from '../random.ts'
import type { Random } from '../random.ts'
import { attachShared, copyMedia } from './attach.ts'
import { dress } from './dress.ts'
import { quickTime } from './film.ts'
import type { Said } from './paint.ts'
import { develop, draw, drawNth, scenes } from './picture.ts'
import { compose } from './tune.ts'
import { albumWords, filmWords, tuneWords } from './words.ts'

/** How many different ones are made. Pictures are shown about four times each, by different people, the others twice. `faces`: so many of the cast get pictures of their own, and the community too. */
export type MediaWish = { pictures: number; films: number; tunes: number; faces: number }
type Made = { content: Buffer; words: readonly Said[]; description: Said; tags?: { title: string; artist: string; album: string } }
type Work = { make(): Promise<Made>; times: number }
type Item = Made & { id: string; used: boolean }
type Place = { post: number; items: number[]; nth: number }

/** Draws, films and plays, uploads all of it as members would, and shows it in posts that had only words. */
export async function shareMedia(app: App, town: Town, wish: MediaWish, seed: number, onProgress: Progress): Promise<{ media: number; notes: string[] }> {
  const chance = random(seed + 5)
  const av = wish.films + wish.tunes > 0 ? await avEngineStatus() : { works: true, problem: null }
  const works = plan(av.works ? wish : { ...wish, films: 0, tunes: 0 }, seed)
  const places = arrange(town, works, wish.pictures, chance)
  const firstOwner = new Map<number, number>()
  for (const { post, items } of places) for (const item of items) if (!firstOwner.has(item)) firstOwner.set(item, town.posts[post]!.author)
  const made = new Map<number, Item>()
  const failed: string[] = []
  const upload = async (owner: Account, content: Buffer, words: { purpose: 'post' | 'avatar' | 'cover' | 'instance'; name?: string; description: string; title?: string; artist?: string; album?: string }) => {
    const { purpose, name = 'picture', ...rest } = words
    const { id } = await acceptUpload(app, owner, Readable.from([content]), { name, purpose })
    await describeMedia(app, owner, id, rest)
    await processMedia(app, id, true)
    // As the event would, which isn't worked on here.
    await screenMedia(app, id)
    if ((await seeMedia(app, owner, id)).state === 'ready') return id
    failed.push(words.title ?? words.description)
    await removeMedia(app, owner, id)
    return undefined
  }
  // Two at a time: each is made ready in a child process of its own.
  let [next, done] = [0, 0]
  const hands = async () => {
    for (let nth = next++; nth < works.length; nth = next++) {
      const by = firstOwner.get(nth)
      const owner = by === undefined ? null : await findAccount(app, town.members[by]!.id)
      if (owner) {
        const item = await works[nth]!.make()
        const id = await upload(owner, item.content, { purpose: 'post', name: item.tags?.title, description: item.description[tongue(town, by!)], ...item.tags })
        if (id) made.set(nth, { ...item, id, used: false })
      }
      onProgress('pictures, films and music', ++done, works.length)
    }
  }
  await Promise.all([hands(), hands()])
  let shown = 0
  for (const { post: at, items, nth } of places) {
    const post = town.posts[at]!
    const language = tongue(town, post.author)
    const mediaIds: string[] = []
    for (const item of items.map((one) => made.get(one))) {
      if (!item) continue
      mediaIds.push(item.used ? await copyMedia(app, item.id, town.members[post.author]!.id, item.description[language]) : item.id)
      item.used = true
    }
    const words = items.length > 1 ? albumWords : made.get(items[0]!)?.words
    if (!words || !mediaIds.length) continue
    const text = words[nth % words.length]![language]
    await attachShared(app.database.queries, { mediaIds, postId: post.id, text, html: readText(text).html({}), language })
    shown += mediaIds.length
  }
  const people = (await Promise.all(town.members.slice(0, cast.length).map((one) => findAccount(app, one.id)))).filter((one) => one !== null && one !== undefined)
  if (wish.faces) shown += await dress(app, people, wish.faces, seed, upload, (count, total) => onProgress('faces', count, total))
  const notes = [...(av.works ? [] : [`Without films and music: ${av.problem}`]), ...(failed.length ? [`Could not be made ready: ${failed.join(', ')}`] : [])]
  return { media: shown, notes }
}

const tongue = (town: Town, author: number): 'en' | 'ar' => town.members[author]!.language === 'ar' ? 'ar' : 'en'

/** Which posts show what: recent starts of threads without tags, mentions or polls, by people who write English or Arabic, and by the cast. Every fourth post with pictures shows several. */
function arrange(town: Town, works: Work[], pictures: number, chance: Random): Place[] {
  const candidates = town.posts.flatMap((post, index) => post.replyTo === null && !post.tags.length && !post.mentions.length && !post.poll && !post.edited && !post.warning && (post.author < cast.length || ['en', 'ar'].includes(town.members[post.author]!.language)) ? [index] : [])
  const wanted = works.reduce((sum, work) => sum + work.times, 0)
  // A third of them in the last days, where newcomers look first.
  const [begin, late] = [0.55, 0.93].map((part) => Math.floor(candidates.length * part))
  const chosen = [...chance.shuffled(candidates.slice(late), Math.ceil(wanted / 3)), ...chance.shuffled(candidates.slice(begin, late), wanted)]
  const slots = chosen.map((post) => ({ post, by: chance.next() })).sort((a, b) => a.by - b.by).map(({ post }) => post)
  const others = works.length - pictures
  const round = works.flatMap((work, item) => item < Math.max(0, others) ? Array.from({ length: work.times }, () => item) : [])
  const drawn: number[] = Array.from({ length: works.at(-1)?.times ?? 0 }, () => works.flatMap((_, item) => item >= others ? [item] : [])).flat()
  const places: Place[] = []
  const take = (items: number[]) => { const post = slots.shift(); if (post !== undefined) places.push({ post, items, nth: places.length }) }
  for (const item of round) take([item])
  for (let at = 0; at < drawn.length;) {
    const count = pictures > 4 && places.length % 4 === 0 ? 2 + chance.int(3) : 1
    take(drawn.slice(at, at += count))
  }
  return places
}

/** Films and music first, then pictures. */
function plan(wish: MediaWish, seed: number): Work[] {
  const list = (count: number, times: number, make: (nth: number) => Promise<Made>): Work[] => Array.from({ length: count }, (_, nth) => ({ times, make: () => make(nth) }))
  return [
    ...list(wish.films, 2, (nth) => film(random(seed * 31 + nth), seed * 37 + nth, nth)),
    ...list(wish.tunes, 2, async (nth) => {
      const { wav, description, title, artist, album } = compose(random(seed * 41 + nth), nth, 12 + nth % 8)
      return { content: wav, words: turned(tuneWords, nth), description, tags: { title, artist, album } }
    }),
    ...list(wish.pictures, 4, async (nth) => {
      const { svg, words, description } = drawNth(random(seed * 43 + nth), nth)
      return { content: await develop(svg), words: turned(words, nth), description }
    }),
  ]
}

const turned = <One>(list: readonly One[], by: number): One[] => list.map((_, at) => list[(at + by) % list.length]!)
const filmed = [[scenes.sea, 3], [scenes.hills, 1], [scenes.harbour, 4], [scenes.sea, 2], [scenes.garden, 4], [scenes.harbour, 5]] as const

async function film(chance: Random, seed: number, nth: number): Promise<Made> {
  const size = { width: 640, height: 360 }
  const perSecond = 12
  const seconds = 6 + chance.int(3)
  const [scene, hour] = filmed[nth % filmed.length]!
  const at = (shift: number) => draw(scene, random(seed), hour, size.width, size.height, shift)
  const frames: Buffer[] = []
  for (let frame = 0; frame < seconds * perSecond; frame++) frames.push(await sharp(Buffer.from(at(frame / (seconds * perSecond)).svg)).jpeg({ quality: 84 }).toBuffer())
  const { description } = at(0)
  return { content: quickTime(frames, perSecond, size, compose(chance, nth, seconds)), words: turned(filmWords, nth), description: { en: `A short film: ${description.en.charAt(0).toLowerCase()}${description.en.slice(1)} Quiet plucked music.`, ar: `مقطع قصير: ${description.ar} موسيقى هادئة.` } }
}
