// Runs in a child process only. A picture of a film before the film is made ready.
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Decoder } from 'node-av/api'
import type { Demuxer } from 'node-av/api'
import { AVSEEK_FLAG_BACKWARD } from 'node-av/constants'
import type { Stream } from 'node-av/lib'
import sharp from 'sharp'
import { rgbaToThumbHash } from 'thumbhash'
import { dominant } from '../images/dominant.ts'
import { pixelsOf } from './film.ts'
import type { Sample } from './film.ts'
import { uprightFilters } from './graph.ts'
import type { AvTask, EarlyPoster } from './index.ts'
import { colourOf } from './look.ts'
import { viewer } from './pictures.ts'
import { sized } from './plan.ts'
import { openInput, shownSize, videoOf } from './source.ts'

const side = 960
/** Where to look, as parts of the film's length: rather early, for the end is nobody's to tell. */
const moments = [0.04, 0.15, 0.1, 0.25, 0.4, 0.6]
/** A short film is made soon: fewer looks, so that they cost little of it. */
const ofShort = { seconds: 20, moments: [0.1, 0.3, 0.55] }
/** So many pictures are decoded in a row, once, to get past a beginning that is one long group. */
const mostInRow = 50
const file = 'early.webp'

/**
 * Writes a picture of a film, chosen from a few of its moments, and says what all of these look like. Null for sound, and for
 * films that show nothing this way: what is wrong with them is found out when they are made. Costs a moment, not the film's length.
 */
export async function earlyPoster(task: AvTask): Promise<EarlyPoster | null> {
  await using demuxer = await openInput({ path: task.input, demuxer: task.demuxer })
  const video = videoOf(demuxer)
  if (!video) return null
  const { width, height, rotation } = shownSize(video)
  const coded = video.codecpar.width * video.codecpar.height
  if (Math.min(width, height) < 2 || Math.max(coded, width * height) > task.limits.pixels) return null
  const size = sized({ width, height }, Math.min(1, side / Math.max(width, height)))
  const filters = `${uprightFilters({ width, height, rotation, colour: colourOf(video) }, size)},format=rgb24`
  const duration = demuxer.duration
  const pictures = viewer(moments.length)
  const taken: Sample[] = []
  const groups: Groups = { seen: new Set(), walked: false, told: false }
  for (const moment of duration <= 0 ? [0] : duration < ofShort.seconds ? ofShort.moments : moments) {
    const sample = await pictureNear(demuxer, video, { at: moment * duration, filters, pixels: task.limits.pixels, groups })
    if (!sample || taken.some((one) => one.at === sample.at)) continue
    taken.push(sample)
    await pictures.take(sample)
    groups.told ||= pictures.tells(sample.at)
  }
  const at = pictures.best(duration)
  const best = taken.find((one) => one.at === at)
  // A dark picture tells less than none.
  if (!best || !pictures.tells(at)) return null
  const image = sharp(best.data, { raw: { width: best.width, height: best.height, channels: 3 } })
  await image.clone().webp({ quality: 72, effort: 2 }).toFile(join(task.folder, file))
  const small = await image.resize(100, 100, { fit: 'inside' }).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  return {
    file, mime: 'image/webp', width: best.width, height: best.height, bytes: (await stat(join(task.folder, file))).size,
    thumbhash: Buffer.from(rgbaToThumbHash(small.info.width, small.info.height, small.data)), colour: dominant(small.data), fingerprints: pictures.prints(),
  }
}

/** Where groups begin that were looked at, whether one of them was gone through, and whether there was something to see. */
type Groups = { seen: Set<number>; walked: boolean; told: boolean }

/** The whole picture that begins the group at this second; where that was looked at before and all was dark so far, one nearer to the second, once. */
async function pictureNear(demuxer: Demuxer, video: Stream, { at, filters, pixels, groups }: { at: number; filters: string; pixels: number; groups: Groups }): Promise<Sample | undefined> {
  if (at > 0 && demuxer.seekSync(at, -1, AVSEEK_FLAG_BACKWARD) < 0) return undefined
  using decoder = await Decoder.create(video, { threadCount: 1, options: { max_pixels: String(pixels) } as Record<string, string> })
  let seen = 0
  let wanted = 1
  for (using packet of demuxer.packetsSync(video.index)) {
    if (!packet) decoder.flushSync()
    else decoder.decodeSync(packet)
    for (;;) {
      using frame = decoder.receiveSync()
      if (!frame) break
      const time = Number(frame.pts) * frame.timeBase.num / frame.timeBase.den
      if (seen++ === 0) {
        const known = groups.seen.has(time)
        if (known && (groups.walked || groups.told)) return undefined
        wanted = known ? mostInRow : 1
        groups.walked ||= known
        groups.seen.add(time)
      }
      if (seen < wanted && time < at) continue
      return { ...pixelsOf(frame, filters), at: Math.max(0, time) }
    }
    if (!packet) return undefined
  }
  return undefined
}
