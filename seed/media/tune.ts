import type { Random } from '../random.ts'
import type { Said } from './paint.ts'

const rate = 44_100
type Sides = { left: Float32Array; right: Float32Array }
/** `samples`: left and right in turn */
export type Tune = { wav: Buffer; samples: Int16Array; rate: number; title: string; artist: string; album: string; description: Said }

const scales = [[0, 2, 4, 7, 9], [0, 3, 5, 7, 10], [0, 2, 3, 7, 8], [0, 2, 4, 6, 9]]
const progressions = [[0, 5, 3, 4], [0, 3, 4, 3], [0, 4, 5, 3], [5, 3, 0, 4]]
const degrees = [0, 2, 4, 5, 7, 9, 11]
const pieces = [
  ['Harbour at Five', 'The Lantern Band', 'Evenings by the Water'], ['Low Tide', 'The Lantern Band', 'Evenings by the Water'], ['Four O’Clock Bread', 'Rye & Salt', 'Kitchen Songs'],
  ['عود المساء', 'فرقة الفانوس', 'ليالي الميناء'], ['The Ferry Waits', 'Gate Nine', 'Timetables'], ['Heron', 'Rye & Salt', 'Kitchen Songs'],
  ['Rain on the Boat Shed', 'The Lantern Band', 'Evenings by the Water'], ['رسالة من التلة', 'فرقة الفانوس', 'ليالي الميناء'], ['Slow Train', 'Gate Nine', 'Timetables'], ['Orchard in March', 'The Hill Choir', 'Four Seasons'],
] as const
const moods: readonly Said[] = [{ en: 'slow and quiet', ar: 'بطيء وهادئ' }, { en: 'gentle, a little swaying', ar: 'رقيق ومتمايل قليلًا' }, { en: 'bright and walking', ar: 'مشرق بخطى واثقة' }, { en: 'thoughtful', ar: 'متأمل' }]

/** A small piece of music: chords, a bass and a plucked melody in a room with some echo, `seconds` long, with a soft end. */
export function compose(chance: Random, nth: number, seconds: number): Tune {
  const count = Math.floor(seconds * rate)
  const sides: Sides = { left: new Float32Array(count), right: new Float32Array(count) }
  const beat = 60 / (72 + chance.int(40))
  const root = 48 + chance.int(8)
  const scale = chance.pick(scales)
  const progression = chance.pick(progressions)
  const hertz = (note: number) => 440 * 2 ** ((note - 69) / 12)
  let step = chance.int(scale.length * 2)
  for (let bar = 0; bar * 4 * beat < seconds; bar++) {
    const chord = degrees[progression[bar % progression.length]!]!
    for (const [at, third] of [0, chord === 9 || chord === 4 ? 3 : 4, 7].entries()) tone(sides, bar * 4 * beat, 4.2 * beat, hertz(root + chord + third), 0.05, 0.2 + at * 0.3, 'pad')
    tone(sides, bar * 4 * beat, 2 * beat, hertz(root - 12 + chord), 0.16, 0.5, 'pluck')
    tone(sides, (bar * 4 + 2) * beat, 2 * beat, hertz(root - 12 + chord + 7), 0.1, 0.5, 'pluck')
    for (let at = 0; at < 8; at++) {
      if (!chance.chance(at % 2 ? 0.5 : 0.8)) continue
      step = Math.max(0, Math.min(scale.length * 3 - 1, step + chance.int(5) - 2))
      tone(sides, (bar * 4 + at / 2) * beat, 1.6 * beat, hertz(root + 12 + scale[step % scale.length]! + 12 * Math.floor(step / scale.length) % 24), 0.16, 0.35 + 0.3 * chance.next(), 'pluck')
    }
  }
  echo(sides.left, [0.0371, 0.0533])
  echo(sides.right, [0.0411, 0.0587])
  const samples = new Int16Array(count * 2)
  for (let at = 0; at < count; at++) {
    const end = Math.min(1, (count - at) / (rate * 1.5))
    samples[at * 2] = Math.max(-1, Math.min(1, sides.left[at]! * end)) * 30_000
    samples[at * 2 + 1] = Math.max(-1, Math.min(1, sides.right[at]! * end)) * 30_000
  }
  const [title, artist, album] = pieces[nth % pieces.length]!
  const mood = chance.pick(moods)
  return { wav: wav(samples), samples, rate, title, artist, album, description: { en: `“${title}” by ${artist}: ${mood.en}, plucked strings over long chords.`, ar: `«${title}» — ${artist}: لحن ${mood.ar}، أوتار منقورة فوق نغمات طويلة.` } }
}

/** One note, `side` 0 left … 1 right. */
function tone({ left, right }: Sides, at: number, length: number, hertz: number, loud: number, side: number, kind: 'pad' | 'pluck'): void {
  const begin = Math.floor(at * rate)
  const count = Math.min(Math.floor(length * rate), left.length - begin)
  for (let n = 0; n < count; n++) {
    const time = n / rate
    const shape = kind === 'pad' ? Math.min(1, time / 0.4) * Math.min(1, (count - n) / (rate * 0.5)) : Math.min(1, time / 0.006) * Math.exp(-time * 3.2) * Math.min(1, (count - n) / 400)
    const angle = 2 * Math.PI * hertz * time
    const value = loud * shape * (kind === 'pad' ? Math.sin(angle) + 0.3 * Math.sin(2 * angle + Math.sin(time)) : Math.sin(angle) + 0.45 * Math.sin(2 * angle) * Math.exp(-time * 4) + 0.2 * Math.sin(3 * angle) * Math.exp(-time * 7))
    left[begin + n]! += value * (1.3 - side * 0.6)
    right[begin + n]! += value * (0.7 + side * 0.6)
  }
}

/** A room: each delay gives back a duller third of what went before, again and again. */
function echo(samples: Float32Array, delays: readonly number[]): void {
  for (const delay of delays) {
    const back = Math.floor(delay * rate)
    let dull = 0
    for (let at = back; at < samples.length; at++) {
      dull = dull * 0.6 + samples[at - back]! * 0.4
      samples[at]! += dull * 0.34
    }
  }
}

function wav(samples: Int16Array): Buffer {
  const head = Buffer.alloc(44)
  head.write('RIFF', 0, 'latin1'); head.writeUInt32LE(36 + samples.byteLength, 4); head.write('WAVEfmt ', 8, 'latin1')
  head.writeUInt32LE(16, 16); head.writeUInt16LE(1, 20); head.writeUInt16LE(2, 22); head.writeUInt32LE(rate, 24); head.writeUInt32LE(rate * 4, 28); head.writeUInt16LE(4, 32); head.writeUInt16LE(16, 34)
  head.write('data', 36, 'latin1'); head.writeUInt32LE(samples.byteLength, 40)
  return Buffer.concat([head, Buffer.from(samples.buffer)])
}
