import type { Translator } from '#i18n/translate.ts'

/** "35 min", "4 hr", "3 days": a length of time in the reader's words, from hours. */
export function duration(i: Translator, hours: number): string {
  const minutes = hours * 60
  const [value, unit] = minutes < 90 ? [Math.max(minutes ? 1 : 0, Math.round(minutes)), 'minute'] as const : hours < 36 ? [Math.round(hours), 'hour'] as const : [Math.round(hours / 24), 'day'] as const
  return new Intl.NumberFormat(i.locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value)
}

/** The same for scales, whose steps must not be called alike: hours up to four days. */
export function plotted(i: Translator, hours: number): string {
  const [value, unit] = hours > 0 && hours < 1.5 ? [hours * 60, 'minute'] as const : hours <= 96 ? [hours, 'hour'] as const : [hours / 24, 'day'] as const
  return new Intl.NumberFormat(i.locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 }).format(value)
}

export const percent = (i: Translator, share: number): string => new Intl.NumberFormat(i.locale, { style: 'percent', maximumFractionDigits: 0 }).format(share)

/** The name of a language or country in the reader's language; its code where nobody knows one. */
export function nameOf(i: Translator, type: 'language' | 'region', code: string): string {
  try { return new Intl.DisplayNames([i.locale], { type, fallback: 'code' }).of(code) ?? code } catch { return code }
}
export const listOf = (i: Translator, words: string[]): string => new Intl.ListFormat(i.locale, { type: 'conjunction' }).format(words)
