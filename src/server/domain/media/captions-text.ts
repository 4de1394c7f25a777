/** One thing said: seconds from and to, and its lines. */
export type Cue = { from: number; to: number; text: string }

export const captionLimits = { characters: 300_000, cues: 5000, lineCharacters: 1000, languages: 20 } as const

const time = /^(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})$/
const arrow = /^\s*(\S+)\s+-->\s+(\S+)(?:\s.*)?$/

/**
 * Reads WebVTT or SubRip (SRT): what is said and when, as plain text. Everything else (styles, places, voices' classes,
 * comments) is left out. Throws `{ line, problem }` of the first line that can't be understood.
 */
export function readCaptions(given: string): Cue[] {
  const lines = given.toWellFormed().replace(/^\ufeff/, '').replaceAll('\0', '').split(/\r\n|\r|\n/)
  const cues: Cue[] = []
  let at = /^WEBVTT(?:\s|$)/.test(lines[0] ?? '') ? skipBlock(lines, 0) : 0
  while (at < lines.length) {
    if (lines[at]!.trim() === '') { at++; continue }
    if (/^(NOTE|STYLE|REGION)(\s|$)/.test(lines[at]!)) { at = skipBlock(lines, at); continue }
    // A cue may have a name (WebVTT) or a number (SubRip) above its times.
    const head = lines[at]!.includes('-->') ? at : at + 1
    const found = arrow.exec(lines[head] ?? '')
    const [from, to] = [seconds(found?.[1]), seconds(found?.[2])]
    if (from === undefined || to === undefined) throw captionProblem(at + 1, 'captionsTime')
    if (to <= from) throw captionProblem(head + 1, 'captionsOrder')
    const end = skipBlock(lines, head)
    const text = plain(lines.slice(head + 1, end))
    if (text) cues.push({ from, to, text })
    if (cues.length > captionLimits.cues) throw captionProblem(head + 1, 'captionsTooMany')
    at = end
  }
  if (cues.length === 0) throw captionProblem(1, 'captionsEmpty')
  return cues.sort((a, b) => a.from - b.from || a.to - b.to)
}

/** Where captions could not be read: `line` counts from one, `problem` is the key of a sentence. */
export type CaptionProblem = { captions: true; line: number; problem: string }
const captionProblem = (line: number, problem: string): CaptionProblem => ({ captions: true, line, problem })
export const isCaptionProblem = (error: unknown): error is CaptionProblem => typeof error === 'object' && error !== null && 'captions' in error

function skipBlock(lines: string[], from: number): number {
  let at = from
  while (at < lines.length && lines[at]!.trim() !== '') at++
  return at
}

function seconds(text: string | undefined): number | undefined {
  const found = time.exec(text ?? '')
  if (!found) return undefined
  const [hours, minutes, whole, part] = [Number(found[1] ?? 0), Number(found[2]), Number(found[3]), Number(`0.${found[4]}`)]
  return whole < 60 && (found[1] === undefined || minutes < 60) ? hours * 3600 + minutes * 60 + whole + part : undefined
}

const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&nbsp;': ' ', '&lrm;': '\u200e', '&rlm;': '\u200f' }

/** Who speaks stays, as a name before the words; all other marks go. */
function plain(lines: string[]): string {
  return lines.map((line) => line.replace(/<v(?:\.[^\s>]*)?\s+([^>]*)>/g, '$1: ').replace(/<[^>]*>/g, '').replace(/\{\\[^}]*\}/g, '')
    .replace(/&(?:amp|lt|gt|nbsp|lrm|rlm);/g, (mark) => entities[mark]!).replace(/[\p{Cc}]/gu, ' ').trim().slice(0, captionLimits.lineCharacters)).filter(Boolean).join('\n')
}

/** Writes WebVTT that nothing in it can break out of. */
export function writeCaptions(cues: Cue[]): string {
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return ['WEBVTT', '', ...cues.flatMap((cue) => [`${clockOf(cue.from)} --> ${clockOf(cue.to)}`, escaped(cue.text), ''])].join('\n')
}

function clockOf(value: number): string {
  const ms = Math.round(value * 1000)
  const two = (part: number) => String(part).padStart(2, '0')
  return `${two(Math.floor(ms / 3_600_000))}:${two(Math.floor(ms / 60_000) % 60)}:${two(Math.floor(ms / 1000) % 60)}.${String(ms % 1000).padStart(3, '0')}`
}
