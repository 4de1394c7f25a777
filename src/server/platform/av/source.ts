// Runs in a child process only. FFmpeg 8 as a library (node-av); its binary comes with the package.
import { Demuxer } from 'node-av/api'
import { AV_DISPOSITION_ATTACHED_PIC, AV_LOG_FATAL, AV_PKT_DATA_DISPLAYMATRIX, AVMEDIA_TYPE_AUDIO, AVMEDIA_TYPE_VIDEO } from 'node-av/constants'
import { Log } from 'node-av/lib'
import type { Stream } from 'node-av/lib'
import type { Rotation } from './plan.ts'

Log.setLevel(AV_LOG_FATAL)

export type Input = {
  path: string
  /** the one container to read it as; nothing is guessed */
  demuxer: string
}

/** Opens a file as exactly this container. It can open no other file, and nothing over a network. */
export const openInput = (input: Input) => Demuxer.open(`file:${input.path}`, { format: input.demuxer, options: { protocol_whitelist: 'file', ...(input.demuxer === 'mov' ? { enable_drefs: '0' } : {}) } as Record<string, string> })

const isCover = (stream: Stream) => (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) !== 0
/** The film's first picture track; covers are none. */
export const videoOf = (demuxer: Demuxer) => demuxer.streams.find((stream) => stream.codecpar.codecType === AVMEDIA_TYPE_VIDEO && !isCover(stream) && stream.codecpar.width > 0)
/** The first sound track that anything is known of. */
export const audioOf = (demuxer: Demuxer) => demuxer.streams.find((stream) => stream.codecpar.codecType === AVMEDIA_TYPE_AUDIO && stream.codecpar.sampleRate > 0)

/** Size as shown (turned upright, with square pixels) and the turn that makes it so. */
export function shownSize(stream: Stream): { width: number; height: number; rotation: Rotation; squarePixels: boolean } {
  const { width, height } = stream.codecpar
  const aspect = stream.sampleAspectRatio
  const odd = aspect.num > 0 && aspect.den > 0 && aspect.num !== aspect.den
  // A shape that no screen has is a mistake or a trap.
  const ratio = odd ? Math.min(10, Math.max(0.1, aspect.num / aspect.den)) : 1
  const wide = Math.max(1, Math.round(width * ratio))
  const rotation = rotationOf(stream.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX))
  const turned = rotation === 90 || rotation === 270
  return { width: turned ? height : wide, height: turned ? wide : height, rotation, squarePixels: !odd }
}

/** Degrees clockwise that make the picture upright, from a 3×3 matrix of 16.16 numbers. */
function rotationOf(matrix: Buffer | null): Rotation {
  if (!matrix || matrix.length < 20) return 0
  const degrees = Math.atan2(matrix.readInt32LE(4), matrix.readInt32LE(0)) * 180 / Math.PI
  const quarter = ((Math.round(degrees / 90) % 4) + 4) % 4
  return ([0, 90, 180, 270] as const)[quarter]!
}
