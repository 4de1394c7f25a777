/** What a file holds. Sizes are as shown: turned upright, with square pixels. */
export type Probe = {
  duration: number
  video: { width: number; height: number; frameRate: number; rotation: 0 | 90 | 180 | 270 } | null
  audio: { channels: number; sampleRate: number } | null
}
export type Input = {
  path: string
  /** the one container to read it as; nothing is guessed */
  demuxer: string
}
export type VideoGoal = { output: string; width: number; height: number; frameRate: number; rotation: 0 | 90 | 180 | 270; audio: boolean; onTime(seconds: number): void }

/** Everything Hearth asks of FFmpeg. Two adapters: the library that comes with it, and a program of the owner's choice. */
export type AvEngine = {
  probe(input: Input): Promise<Probe>
  /** H.264 and AAC in MP4, index first, without any metadata of the source. */
  transcodeVideo(input: Input, goal: VideoGoal): Promise<void>
  /** AAC in MP4, without any metadata of the source. */
  transcodeAudio(input: Input, goal: { output: string; onTime(seconds: number): void }): Promise<void>
  /** One picture that stands for the film, taken from `at` seconds on, as a PNG file. */
  frame(input: Input, goal: { output: string; at: number; width: number; height: number; rotation: 0 | 90 | 180 | 270 }): Promise<void>
  /** The sound as mono floats of 8 kHz, in order. */
  pcm(input: Input, onSamples: (samples: Float32Array) => void): Promise<void>
}

export const pcmRate = 8000

/** Filters that turn a picture upright and give it this size. */
export function pictureFilters(goal: { width: number; height: number; rotation: 0 | 90 | 180 | 270 }): string[] {
  const turn = { 0: [], 90: ['transpose=clock'], 180: ['hflip', 'vflip'], 270: ['transpose=cclock'] }[goal.rotation]
  return [...turn, `scale=${goal.width}:${goal.height}:flags=bicubic`, 'setsar=1']
}
