/** One caption as it is written down: times as text. */
export type PlainCue = { from: string; to: string; text: string }

const times = /^\s*(\d[\d:.,]*)\s+-->\s+(\d[\d:.,]*)/

/** The captions in a text that is WebVTT or SubRip, for changing them one by one; null where something in it is not understood. */
export function cuesOf(text: string): PlainCue[] | null {
  const cues: PlainCue[] = []
  for (const block of text.replace(/^\ufeff/, '').split(/(?:\r?\n[ \t]*){2,}/)) {
    const lines = block.split(/\r?\n/).filter((line, at) => line.trim() !== '' || at > 0)
    if (lines.length === 0 || /^(WEBVTT|NOTE|STYLE|REGION)/.test(lines[0]!)) continue
    const at = lines.findIndex((line) => line.includes('-->'))
    const found = times.exec(lines[at] ?? '')
    if (at > 1 || !found) return null
    cues.push({ from: found[1]!.replace(',', '.'), to: found[2]!.replace(',', '.'), text: lines.slice(at + 1).join('\n').trim() })
  }
  return cues.length ? cues : null
}

/** WebVTT again. */
export const textOfCues = (cues: PlainCue[]): string => cues.length ? `WEBVTT\n\n${cues.map((one) => `${one.from} --> ${one.to}\n${one.text.replace(/\n{2,}/g, '\n').trim() || '…'}\n`).join('\n')}` : ''

/** 00:01:02.345 */
export function timeText(seconds: number): string {
  const ms = Math.max(0, Math.round((Number.isFinite(seconds) ? seconds : 0) * 1000))
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(ms / 3_600_000))}:${two(Math.floor(ms / 60_000) % 60)}:${two(Math.floor(ms / 1000) % 60)}.${String(ms % 1000).padStart(3, '0')}`
}
