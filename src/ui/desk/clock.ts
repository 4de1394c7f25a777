import type { Translator } from '#i18n/translate.ts'

/** "in 3 h", "2 d ago": how long until, or since, in the reader's words. */
export function untilText(i: Translator, iso: string, now = Date.now()): string {
  const minutes = Math.round((new Date(iso).getTime() - now) / 60_000)
  const [value, unit] = Math.abs(minutes) < 90 ? [minutes, 'minute'] as const : Math.abs(minutes) < 36 * 60 ? [Math.round(minutes / 60), 'hour'] as const : [Math.round(minutes / 1440), 'day'] as const
  return new Intl.RelativeTimeFormat(i.locale, { style: 'short', numeric: 'always' }).format(value, unit)
}
