import { Readable } from 'node:stream'
import sharp from 'sharp'
import type { App } from '../../src/server/app.ts'
import { findAccount } from '../../src/server/domain/accounts/index.ts'
import { acceptUpload, describeMedia, processMedia, removeMedia, seeMedia } from '../../src/server/domain/media/index.ts'
import { avEngineStatus } from '../../src/server/platform/av/index.ts'
import { readText } from '../../src/server/platform/text/render.ts'
import type { Town } from '../build.ts'
import type { Progress } from '../load.ts'
import { random } from '../random.ts'
import type { Random } from '../random.ts'
import { attachShared, copyMedia } from './attach.ts'
import { quickTime } from './film.ts'
import { draw } from './picture.ts'
import { compose } from './tune.ts'

/** How many different ones are made. Pictures are shown about four times each, by different people, the others twice. */
export type MediaWish = { pictures: number; films: number; tunes: number }
type Made = { content: Buffer; words: string; description: string; title?: string; artist?: string }
type Work = { make(author: number): Promise<Made>; times: number }

/** Draws, films and plays, uploads all of it as members would, and shows it in posts that had only words. */
export async function shareMedia(app: App, town: Town, wish: MediaWish, seed: number, onProgress: Progress): Promise<{ media: number; notes: string[] }> {
  const chance = random(seed + 5)
  const av = wish.films + wish.tunes > 0 ? await avEngineStatus(app.config) : { works: true, problem: null }
  const works = plan(town, av.works ? wish : { ...wish, films: 0, tunes: 0 }, seed)
  const slots = chance.shuffled(worded(town), works.reduce((sum, work) => sum + work.times, 0))
  let shown = 0
  const failed: string[] = []
  const one = async (work: Work, places: number[]) => {
    const first = places[0]
    if (first === undefined) return
    const made = await work.make(town.posts[first]!.author)
    const id = await upload(app, town, first, made)
    if (!id) { failed.push(made.title ?? made.words); return }
    for (const place of places) {
      const post = town.posts[place]!
      const mediaId = place === first ? id : await copyMedia(app, id, town.members[post.author]!.id)
      await attachShared(app.database.queries, { mediaId, postId: post.id, text: made.words, html: readText(made.words).html({}) })
      shown++
    }
  }
  // Two at a time: each is made ready in a child process of its own.
  let next = 0
  let from = 0
  const hands = async () => {
    for (let work = works[next++]; work; work = works[next++]) {
      const places = slots.slice(from, from += work.times)
      await one(work, places)
      onProgress('pictures, films and music', Math.min(next, works.length), works.length)
    }
  }
  await Promise.all([hands(), hands()])
  const notes = [...(av.works ? [] : [`Without films and music: ${av.problem}`]), ...(failed.length ? [`Could not be made ready: ${failed.join(', ')}`] : [])]
  return { media: shown, notes }
}

/** Recent starts of threads without tags, mentions or polls: their words can be others. */
function worded(town: Town): number[] {
  const candidates = town.posts.flatMap((post, index) => post.replyTo === null && !post.tags.length && !post.mentions.length && !post.poll && !post.edited && !post.warning ? [index] : [])
  return candidates.slice(Math.floor(candidates.length * 0.55))
}

function plan(town: Town, wish: MediaWish, seed: number): Work[] {
  const list = <Item>(count: number, make: (nth: number) => Item) => Array.from({ length: count }, (_, nth) => make(nth))
  return [
    ...list(wish.films, (nth) => ({ times: 2, make: () => film(random(seed * 31 + nth), seed * 37 + nth, nth) })),
    ...list(wish.tunes, (nth) => ({ times: 2, make: async (author: number) => tune(random(seed * 41 + nth), nth, town.members[author]!.name) })),
    ...list(wish.pictures, (nth) => ({ times: 4, make: () => picture(random(seed * 43 + nth), nth) })),
  ]
}

async function picture(chance: Random, nth: number): Promise<Made> {
  const [width, height] = chance.pick([[1600, 1200], [1600, 1067], [1200, 1500], [1400, 1400]] as const)
  const { svg, words, description } = draw(chance, nth, width, height)
  return { content: await sharp(Buffer.from(svg)).jpeg({ quality: 88 }).toBuffer(), words, description }
}

async function film(chance: Random, seed: number, nth: number): Promise<Made> {
  const size = { width: 640, height: 360 }
  const perSecond = 12
  const seconds = 5 + chance.int(3)
  const kind = [0, 1, 5][nth % 3]!
  const frames: Buffer[] = []
  for (let frame = 0; frame < seconds * perSecond; frame++) frames.push(await sharp(Buffer.from(draw(random(seed), kind, size.width, size.height, frame / (seconds * perSecond)).svg)).jpeg({ quality: 82 }).toBuffer())
  const { words, description } = draw(random(seed), kind, size.width, size.height)
  return { content: quickTime(frames, perSecond, size, compose(chance, nth, seconds, '')), words: `${words} With sound.`, description: `A short film: ${description.charAt(0).toLowerCase()}${description.slice(1)} Quiet plucked music.` }
}

function tune(chance: Random, nth: number, artist: string): Made {
  const made = compose(chance, nth, 12 + chance.int(8), artist)
  return { content: made.wav, words: chance.pick(['New tune. Tell me where it drags.', 'Recorded in the kitchen, after everybody slept.', 'For the open stage. Still learning the middle part.', 'Four chords and a quiet evening.']), description: made.description, title: made.title, artist }
}

/** Through the same door as everybody's uploads. The id, or undefined when it could not be made ready. */
async function upload(app: App, town: Town, place: number, made: Made): Promise<string | undefined> {
  const owner = await findAccount(app, town.members[town.posts[place]!.author]!.id)
  if (!owner) return undefined
  const { id } = await acceptUpload(app, owner, Readable.from([made.content]), { name: made.title ?? 'picture' })
  await describeMedia(app, owner, id, { description: made.description, title: made.title, artist: made.artist })
  await processMedia(app, id, true)
  if ((await seeMedia(app, owner, id)).state === 'ready') return id
  await removeMedia(app, owner, id)
  return undefined
}
