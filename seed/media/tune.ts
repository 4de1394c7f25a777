import type { Random } from '../random.ts'

const rate = 32_000
export type Tune = { wav: Buffer; samples: Int16Array; rate: number; title: string; artist: string; description: string }

const scales = [[0, 2, 4, 7, 9], [0, 3, 5, 7, 10], [0, 2, 3, 7, 8], [0, 2, 4, 6, 9]]
const progressions = [[0, 5, 3, 4], [0, 3, 4, 3], [0, 4, 5, 3], [5, 3, 0, 4]]
const degrees = [0, 2, 4, 5, 7, 9, 11]
const titles = ['Low Tide', 'Four O’Clock Bread', 'The Ferry Waits', 'Lamplight', 'Gate Number Nine', 'Heron', 'Rain on the Boat Shed', 'A Letter from the Hill', 'Slow Train', 'Orchard in March']
const moods = ['slow and quiet', 'gentle, a little swaying', 'bright and walking', 'thoughtful']

/** A small piece of music: chords, a bass and a plucked melody, `seconds` long, with a soft end. */
export function compose(chance: Random, nth: number, seconds: number, artist: string): Tune {
  const samples = new Float32Array(Math.floor(seconds * rate))
  const beat = 60 / (72 + chance.int(40))
  const root = 48 + chance.int(8)
  const scale = chance.pick(scales)
  const progression = chance.pick(progressions)
  const hertz = (note: number) => 440 * 2 ** ((note - 69) / 12)
  let step = chance.int(scale.length * 2)
  for (let bar = 0; bar * 4 * beat < seconds; bar++) {
    const chord = degrees[progression[bar % progression.length]!]!
    for (const third of [0, chord === 9 || chord === 4 ? 3 : 4, 7]) tone(samples, bar * 4 * beat, 4.2 * beat, hertz(root + chord + third), 0.05, 'pad')
    tone(samples, bar * 4 * beat, 2 * beat, hertz(root - 12 + chord), 0.16, 'pluck')
    tone(samples, (bar * 4 + 2) * beat, 2 * beat, hertz(root - 12 + chord + 7), 0.1, 'pluck')
    for (let at = 0; at < 8; at++) {
      if (!chance.chance(at % 2 ? 0.5 : 0.8)) continue
      step = Math.max(0, Math.min(scale.length * 3 - 1, step + chance.int(5) - 2))
      tone(samples, (bar * 4 + at / 2) * beat, 1.6 * beat, hertz(root + 12 + scale[step % scale.length]! + 12 * Math.floor(step / scale.length) % 24), 0.17, 'pluck')
    }
  }
  const whole = Int16Array.from(samples, (value, at) => Math.max(-1, Math.min(1, value * Math.min(1, (samples.length - at) / (rate * 1.5)))) * 30_000)
  const title = titles[nth % titles.length]!
  return { wav: wav(whole), samples: whole, rate, title, artist, description: `“${title}”: ${chance.pick(moods)}, plucked strings over long chords.` }
}

function tone(samples: Float32Array, at: number, length: number, hertz: number, loud: number, kind: 'pad' | 'pluck'): void {
  const begin = Math.floor(at * rate)
  const count = Math.min(Math.floor(length * rate), samples.length - begin)
  for (let n = 0; n < count; n++) {
    const time = n / rate
    const shape = kind === 'pad' ? Math.min(1, time / 0.4) * Math.min(1, (count - n) / (rate * 0.5)) : Math.min(1, time / 0.006) * Math.exp(-time * 3.2) * Math.min(1, (count - n) / 400)
    const angle = 2 * Math.PI * hertz * time
    samples[begin + n]! += loud * shape * (kind === 'pad' ? Math.sin(angle) + 0.3 * Math.sin(2 * angle + Math.sin(time)) : Math.sin(angle) + 0.45 * Math.sin(2 * angle) * Math.exp(-time * 4) + 0.2 * Math.sin(3 * angle) * Math.exp(-time * 7))
  }
}

function wav(samples: Int16Array): Buffer {
  const head = Buffer.alloc(44)
  head.write('RIFF', 0, 'latin1'); head.writeUInt32LE(36 + samples.byteLength, 4); head.write('WAVEfmt ', 8, 'latin1')
  head.writeUInt32LE(16, 16); head.writeUInt16LE(1, 20); head.writeUInt16LE(1, 22); head.writeUInt32LE(rate, 24); head.writeUInt32LE(rate * 2, 28); head.writeUInt16LE(2, 32); head.writeUInt16LE(16, 34)
  head.write('data', 36, 'latin1'); head.writeUInt32LE(samples.byteLength, 40)
  return Buffer.concat([head, Buffer.from(samples.buffer)])
}
