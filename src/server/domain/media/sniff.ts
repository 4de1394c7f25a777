import { fileTypeFromBuffer } from 'file-type'
import { hasPicture } from './tracks.ts'

/** `demuxer`: the one container FFmpeg is told to read, so that a playlist in disguise opens nothing else. */
export type FileType = { kind: 'image' | 'video' | 'audio'; mime: string; demuxer: string }

const mov = (kind: 'video' | 'audio', mime: string): FileType => ({ kind, mime, demuxer: 'mov' })
const image = (mime: string): FileType => ({ kind: 'image', mime, demuxer: '' })

/** The closed list, by what file-type finds in the content. */
const known: Record<string, FileType> = {
  'image/jpeg': image('image/jpeg'), 'image/png': image('image/png'), 'image/apng': image('image/png'), 'image/webp': image('image/webp'),
  'image/avif': image('image/avif'), 'image/gif': image('image/gif'),
  'image/heic': image('image/heic'), 'image/heif': image('image/heic'), 'image/heic-sequence': image('image/heic'), 'image/heif-sequence': image('image/heic'),
  'video/mp4': mov('video', 'video/mp4'), 'video/x-m4v': mov('video', 'video/mp4'), 'video/quicktime': mov('video', 'video/quicktime'), 'video/3gpp': mov('video', 'video/mp4'),
  'video/webm': { kind: 'video', mime: 'video/webm', demuxer: 'matroska' }, 'video/matroska': { kind: 'video', mime: 'video/matroska', demuxer: 'matroska' }, 'video/x-matroska': { kind: 'video', mime: 'video/matroska', demuxer: 'matroska' },
  'audio/mpeg': { kind: 'audio', mime: 'audio/mpeg', demuxer: 'mp3' }, 'audio/x-m4a': mov('audio', 'audio/mp4'), 'audio/mp4': mov('audio', 'audio/mp4'),
  'audio/aac': { kind: 'audio', mime: 'audio/aac', demuxer: 'aac' }, 'audio/flac': { kind: 'audio', mime: 'audio/flac', demuxer: 'flac' }, 'audio/x-flac': { kind: 'audio', mime: 'audio/flac', demuxer: 'flac' },
  'audio/ogg': { kind: 'audio', mime: 'audio/ogg', demuxer: 'ogg' }, 'audio/opus': { kind: 'audio', mime: 'audio/ogg', demuxer: 'ogg' },
  'audio/wav': { kind: 'audio', mime: 'audio/wav', demuxer: 'wav' }, 'audio/vnd.wave': { kind: 'audio', mime: 'audio/wav', demuxer: 'wav' },
}

/** Sound in the container of a film, as browsers record it. */
const sounds: Record<string, FileType> = { mov: mov('audio', 'audio/mp4'), matroska: { kind: 'audio', mime: 'audio/webm', demuxer: 'matroska' } }

/** What this file is, by its first bytes; undefined for whatever isn't on the list. */
export async function sniff(head: Buffer): Promise<FileType | undefined> {
  if (head.subarray(0, 3).toString('latin1') === 'ID3') return behindTag(head)
  const found = await fileTypeFromBuffer(head).catch(() => undefined)
  const type = found && known[found.mime.split(';', 1)[0]!.trim()]
  return type?.kind === 'video' && hasPicture(type.demuxer, head) === false ? sounds[type.demuxer] : type
}

/** Is it surely none of these, though only its very first bytes are known? What may still be one isn't. */
export async function isNoMedia(head: Buffer): Promise<boolean> {
  if (head.length < 64 || await sniff(head)) return false
  return (await fileTypeFromBuffer(head).catch(() => undefined)) !== undefined || isText(head)
}

/** Words from the first byte on: no picture, film or sound begins so. The last character may be cut. */
function isText(head: Buffer): boolean {
  try {
    return !/[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true }))
  } catch {
    return false
  }
}

/** Taggers put ID3 before other sounds than MP3 too. Where the tag hides what follows it, it is what it mostly is. */
async function behindTag(head: Buffer): Promise<FileType | undefined> {
  const size = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + ((head[at] ?? 0) & 127), 0)
  const rest = head.subarray(10 + size + ((head[5] ?? 0) & 16 ? 10 : 0))
  const found = rest.length > 16 ? await fileTypeFromBuffer(rest).catch(() => undefined) : undefined
  const type = found && known[found.mime.split(';', 1)[0]!.trim()]
  return type?.demuxer === 'flac' || type?.demuxer === 'aac' ? type : known['audio/mpeg']
}

/** The list's entry for a type that was recognised before. */
export const demuxerOf = (mime: string) => [...Object.values(known), ...Object.values(sounds)].find((type) => type.mime === mime)?.demuxer ?? ''
