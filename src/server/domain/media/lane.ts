import { availableParallelism } from 'node:os'
import type { MediaKind } from './types.ts'

/** Video and sound keep a whole core busy for long: they share few lanes, so that pictures never wait behind them. */
export function laneOf(kind: MediaKind, id: string): string | undefined {
  if (kind === 'image' || kind === 'animation') return undefined
  const lanes = Math.max(1, Math.floor(availableParallelism() / 2))
  return `media-${(BigInt(id) >> 10n) % BigInt(lanes)}`
}
