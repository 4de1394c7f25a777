/** Degrees clockwise that make a picture upright. */
export type Rotation = 0 | 90 | 180 | 270

/** What was seen of a film on the first way through it. */
export type FilmFacts = {
  /** seconds, counted, not claimed */
  duration: number
  /** as shown */
  width: number
  height: number
  rotation: Rotation
  frameRate: number
  /** of the picture track, bits per second */
  bitRate: number
  colour: { hdr: boolean; wide: boolean; tagged: boolean }
  /** browsers play its picture track as it is, and nothing is hidden in it */
  webSafe: boolean
}
export type Rendition = { name: string; width: number; height: number; maxRate: number; copy: boolean }

/** Bits per second at most, by the short side. */
const ladder = [{ side: 1080, maxRate: 6_000_000 }, { side: 720, maxRate: 3_000_000 }, { side: 480, maxRate: 1_400_000 }, { side: 360, maxRate: 900_000 }, { side: 240, maxRate: 400_000 }]
const longest = 1920
/** How much more than our own a source's picture track may cost and still be taken as it is. */
const goodEnough = 1.35

/**
 * The sizes a film is kept in, largest first: one as large as the source (at most 1080p, either way up), and one or two
 * clearly smaller ones. A source that browsers play already stays as it is on top.
 */
export function renditionsOf(film: FilmFacts): Rendition[] {
  const short = Math.min(film.width, film.height)
  const scale = Math.min(1, ladder[0]!.side / short, longest / Math.max(film.width, film.height))
  const top = sized(film, scale)
  const side = Math.min(top.width, top.height)
  const topRate = rateOf(side, film.frameRate)
  const smaller = ladder.filter((step) => step.side <= side * 0.67)
  const second = smaller[0]
  const wanted = second ? [second, ...(side >= 900 ? smaller.filter((step) => step.side <= 360).slice(0, 1) : [])] : []
  return [
    { name: 'play', ...top, maxRate: topRate, copy: film.webSafe && scale === 1 && film.bitRate <= topRate * goodEnough },
    // Smaller is cheaper, also where the source costs little.
    ...wanted.map((step, at) => ({ name: `play-${step.side}`, ...sized(film, step.side / short), maxRate: Math.max(80_000, Math.round(Math.min(rateOf(step.side, film.frameRate), film.bitRate * (at === 0 ? 0.6 : 0.3)))), copy: false })),
  ]
}

/** Fast films need more. */
const rateOf = (side: number, frameRate: number) => Math.round((ladder.find((step) => step.side <= side) ?? ladder.at(-1)!).maxRate * (frameRate > 31 ? 1.5 : 1))

/** Even numbers, never larger than the source. */
export function sized(size: { width: number; height: number }, scale: number): { width: number; height: number } {
  const even = (value: number) => Math.max(2, Math.floor((value * scale + 0.01) / 2) * 2)
  return { width: even(size.width), height: even(size.height) }
}

const rates = [[1, 1], [2, 1], [5, 1], [8, 1], [10, 1], [12, 1], [15, 1], [20, 1], [24_000, 1001], [24, 1], [25, 1], [30_000, 1001], [30, 1], [48, 1], [50, 1], [60_000, 1001], [60, 1]] as const

/** The usual rate next to what was counted, not lower: films with a changing rate are evened out to it, at most 60. */
export function steadyRate(counted: number): { num: number; den: number; value: number } {
  const [num, den] = !Number.isFinite(counted) || counted <= 0 ? [30, 1] as const : rates.find(([n, d]) => Math.abs(n / d / counted - 1) < 0.0004) ?? rates.find(([n, d]) => n / d >= counted * 0.995) ?? [60, 1] as const
  return { num, den, value: num / den }
}

export type Loudness = { lufs: number; peak: number }
const wantedLoudness = -16
const highestPeak = 10 ** (-1 / 20)
const limiterRoom = 6 // dB

/**
 * How much louder (dB) to make it, so that everything sounds alike: −16 LUFS. What is music keeps its dynamics: its
 * loudest moment stays below −1 dBTP, even if it ends quieter. Speech may be held down by a limiter there.
 */
export function gainFor({ lufs, peak }: Loudness, music: boolean): { gain: number; limited: boolean } {
  // Silence, or next to it: noise is not made into sound.
  if (!Number.isFinite(lufs) || lufs <= -60) return { gain: 0, limited: false }
  const room = peak > 0 ? 20 * Math.log10(highestPeak / peak) : 0
  const wanted = Math.min(20, wantedLoudness - lufs)
  const gain = Math.round(Math.min(wanted, room + (music ? 0 : limiterRoom)) * 10) / 10
  return { gain, limited: gain > room }
}

/** How many seconds apart pictures are taken from a film, for its poster, its fingerprints and the preview while seeking. */
export const samplePause = (duration: number) => Math.max(duration < 8 ? Math.max(0.2, duration / 8) : 1, duration / 100)
