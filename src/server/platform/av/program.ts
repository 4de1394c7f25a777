// Runs in a child process only. An ffmpeg program of the owner's choice (FFMPEG_PATH), called with argument arrays.
import { spawn } from 'node:child_process'
import type { AvEngine, Input, Probe } from './engine.ts'
import { pcmRate, pictureFilters } from './engine.ts'

const source = (input: Input) => ['-protocol_whitelist', 'file', '-f', input.demuxer, '-i', `file:${input.path}`]
const bare = ['-map_metadata', '-1', '-map_chapters', '-1', '-sn', '-dn']
const sound = ['-c:a', 'aac', '-b:a', '160k', '-ac', '2', '-ar', '48000']

/** The program at `path`. It turns pictures upright by itself, and drops the note that told it to. */
export function program(path: string): AvEngine {
  return {
    // ffmpeg alone, without ffprobe, tells what it sees on its log; with no output it ends with an error, which is fine.
    async probe(input) {
      let words = ''
      await run(path, [...source(input)], { onWords: (text) => { words = (words + text).slice(-200_000) } }).catch(() => {})
      return readProbe(words)
    },
    async transcodeVideo(input, goal) {
      const filters = [...pictureFilters({ ...goal, rotation: 0 }), `fps=${goal.frameRate}`, 'format=yuv420p'].join(',')
      await run(path, [...source(input), '-map', '0:V:0', ...(goal.audio ? ['-map', '0:a:0', ...sound] : []), ...bare,
        '-vf', filters, '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-profile:v', 'high', '-maxrate', '6M', '-bufsize', '12M',
        '-threads', '2', '-movflags', '+faststart', '-f', 'mp4', '-progress', 'pipe:1', goal.output], { onOutput: timeFrom(goal.onTime) })
    },
    async transcodeAudio(input, goal) {
      await run(path, [...source(input), '-map', '0:a:0', ...bare, '-vn', ...sound, '-movflags', '+faststart', '-f', 'mp4', '-progress', 'pipe:1', goal.output], { onOutput: timeFrom(goal.onTime) })
    },
    async frame(input, goal) {
      const filters = ['thumbnail=50', ...pictureFilters({ ...goal, rotation: 0 }), 'format=rgb24'].join(',')
      await run(path, ['-ss', String(goal.at), ...source(input), '-map', '0:V:0', ...bare, '-an', '-vf', filters, '-frames:v', '1', '-c:v', 'png', '-f', 'image2', '-update', '1', goal.output], {})
    },
    async pcm(input, onSamples) {
      let rest = Buffer.alloc(0)
      await run(path, [...source(input), '-map', '0:a:0', ...bare, '-vn', '-ac', '1', '-ar', String(pcmRate), '-f', 'f32le', 'pipe:1'], {
        onOutput(chunk) {
          const all = rest.length ? Buffer.concat([rest, chunk]) : chunk
          const whole = all.length - all.length % 4
          onSamples(new Float32Array(all.buffer.slice(all.byteOffset, all.byteOffset + whole)))
          rest = Buffer.from(all.subarray(whole))
        },
      })
    },
  }
}

type Ears = { onOutput?(chunk: Buffer): void; onWords?(text: string): void }

function run(path: string, words: string[], ears: Ears): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(path, ['-nostdin', '-hide_banner', '-y', ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
    let last = ''
    child.stdout.on('data', (chunk: Buffer) => ears.onOutput?.(chunk))
    child.stderr.on('data', (chunk: Buffer) => {
      ears.onWords?.(chunk.toString('utf8'))
      last = (last + chunk.toString('utf8')).slice(-1000)
    })
    child.once('error', fail)
    child.once('close', (code) => code === 0 ? done() : fail(new Error(`ffmpeg ended with ${code}: ${last}`)))
  })
}

function timeFrom(onTime: (seconds: number) => void): (chunk: Buffer) => void {
  return (chunk) => {
    const found = /out_time_us=(\d+)/.exec(chunk.toString('latin1'))
    if (found) onTime(Number(found[1]) / 1_000_000)
  }
}

/** Reads what ffmpeg writes about its input. Covers (attached pictures) are no video. */
export function readProbe(words: string): Probe {
  if (!/^Input #0/m.test(words)) throw new Error('can not be read')
  const time = /Duration: (\d+):(\d+):(\d+(?:\.\d+)?)/.exec(words)
  const duration = time ? Number(time[1]) * 3600 + Number(time[2]) * 60 + Number(time[3]) : 0
  const videoLine = words.split('\n').find((line) => /Stream #0:.*Video:/.test(line) && !line.includes('attached pic'))
  const audioLine = words.split('\n').find((line) => /Stream #0:.*Audio:/.test(line))
  const size = videoLine && /, (\d{1,5})x(\d{1,5})/.exec(videoLine)
  const aspect = videoLine && /SAR (\d+):(\d+)/.exec(videoLine)
  const turn = /displaymatrix: rotation of (-?\d+)/.exec(words)
  const rotation = ([0, 90, 180, 270] as const)[((Math.round(-Number(turn?.[1] ?? 0) / 90) % 4) + 4) % 4]!
  const width = size ? Math.round(Number(size[1]) * (aspect && Number(aspect[1]) > 0 ? Number(aspect[1]) / Number(aspect[2]) : 1)) : 0
  const height = size ? Number(size[2]) : 0
  const turned = rotation === 90 || rotation === 270
  return {
    duration,
    video: videoLine && size ? { width: turned ? height : width, height: turned ? width : height, frameRate: Number(/([\d.]+) (?:fps|tbr)/.exec(videoLine)?.[1] ?? 0), rotation } : null,
    audio: audioLine ? { channels: /mono/.test(audioLine) ? 1 : 2, sampleRate: Number(/(\d+) Hz/.exec(audioLine)?.[1] ?? 48_000) } : null,
  }
}
