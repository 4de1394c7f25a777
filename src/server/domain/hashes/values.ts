import { createHash } from 'node:crypto'
import type { SignalType } from './types.ts'

/** A listed value as it is stored: `key` is looked up, `body` is what doesn't fit into it. `frames` are the pictures of a film. */
export type Value = { signal: SignalType; key: Buffer; body: Buffer | null; frames: Buffer[]; quality: number | null }
/** Why a value is refused: stable codes, sentences under `hashes.reason.CODE`. */
export type Refusal = 'unknownKind' | 'notHex' | 'degenerate' | 'emptyFile' | 'noFrames' | 'tooLong' | 'badLine' | 'badField'

const hexLength: Partial<Record<SignalType, number>> = { pdq: 64, md5: 32, video_md5: 32, sha1: 40, sha256: 64 }
/** Hashes of nothing: every broken upload in the world has them. */
const ofNothing = new Set(['d41d8cd98f00b204e9800998ecf8427e', 'da39a3ee5e6b4b0d3255bfef95601890afd80709', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'])
/** PDQ sets a bit for each wave above the median, so about 128 are set; one far from that is of a plain picture, and near to all of them. */
const leastBits = 64
const mostBits = 192
const mostFrames = 20_000
const mostTmk = 1_000_000
const framesQuality = 50

/** Reads a value of a kind: trimmed, in small letters, checked. What can't be told apart from too many others is refused. */
export function readValue(signal: SignalType, text: string): Value | Refusal {
  if (signal === 'vpdq') return readFilm(text)
  if (signal === 'tmk') return text.length > mostTmk ? 'tooLong' : long('tmk', Buffer.from(text.trim(), 'utf8'))
  const hex = text.trim().toLowerCase()
  if (hex.length !== hexLength[signal] || !/^[0-9a-f]+$/.test(hex)) return 'notHex'
  if (ofNothing.has(hex)) return 'emptyFile'
  const key = Buffer.from(hex, 'hex')
  if (signal === 'pdq' ? isPlain(key) : /^(.)\1*$/.test(hex)) return 'degenerate'
  return { signal, key, body: null, frames: [], quality: null }
}

/** Whether a PDQ hash says too little: of a plain picture, or of a pattern that repeats. */
export function isPlain(key: Buffer): boolean {
  let set = 0
  for (let at = 0; at < key.length; at += 4) {
    let bits = key.readInt32LE(at)
    bits -= (bits >>> 1) & 0x55555555
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
    set += Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
  }
  if (set < leastBits || set > mostBits) return true
  const pairs = new Set(Array.from({ length: 16 }, (_, at) => key.readUInt16BE(at * 2)))
  return pairs.size <= 2
}

/** A film from pictures that were hashed already; each once, those with something to see. */
export function filmOf(frames: { hash: Buffer; quality: number }[]): Value | Refusal {
  const good = frames.filter((frame) => frame.quality >= framesQuality && !isPlain(frame.hash))
  const hashes = [...new Set(good.map((frame) => frame.hash.toString('hex')))].sort().map((hex) => Buffer.from(hex, 'hex'))
  if (hashes.length === 0) return 'noFrames'
  if (hashes.length > mostFrames) return 'tooLong'
  const { key, body } = long('vpdq', Buffer.concat(hashes))
  return { signal: 'vpdq', key, body, frames: hashes, quality: Math.min(...good.map((frame) => frame.quality)) }
}

function long(signal: SignalType, body: Buffer): Value {
  return { signal, key: createHash('sha256').update(body).digest(), body, frames: [], quality: null }
}

/**
 * The pictures of a film in both shapes that are about: a JSON array of `hash,quality,timestamp`, or lines (or array items) of
 * `frame,quality,hash,timestamp`. The hash is the part with 64 hexadecimal characters, the quality the whole number beside it.
 */
function readFilm(text: string): Value | Refusal {
  const parts = piecesOf(text.trim())
  if (!parts || parts.length > mostFrames * 5) return parts ? 'tooLong' : 'badLine'
  const frames: { hash: Buffer; quality: number }[] = []
  for (const part of parts) {
    const fields = part.split(',').map((field) => field.trim().toLowerCase())
    const at = fields.findIndex((field) => /^[0-9a-f]{64}$/.test(field))
    const quality = Number(at === 0 ? fields[1] : fields[1])
    if (at < 0 || (at !== 0 && at !== 2) || !Number.isInteger(quality) || quality < 0 || quality > 100) return 'notHex'
    frames.push({ hash: Buffer.from(fields[at]!, 'hex'), quality })
  }
  return filmOf(frames)
}

function piecesOf(text: string): string[] | null {
  if (!text.startsWith('[')) return text.split(/[\r\n;]+/).filter((line) => line.trim() !== '')
  try {
    const parsed: unknown = JSON.parse(text)
    return Array.isArray(parsed) && parsed.every((one) => typeof one === 'string') ? parsed : null
  } catch {
    return null
  }
}
