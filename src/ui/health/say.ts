import type { Translator } from '#i18n/translate.ts'

/** 0.034 → '34 ms', 2.5 → '2.5 s', in the reader's language. */
export function seconds(i: Translator, value: number): string {
  const unit = value < 1 ? 'millisecond' : value < 120 ? 'second' : value < 7200 ? 'minute' : 'hour'
  const shown = { millisecond: value * 1000, second: value, minute: value / 60, hour: value / 3600 }[unit]
  return new Intl.NumberFormat(i.locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: shown < 10 ? 1 : 0 }).format(shown)
}

/** A number that may be small: at most one digit after the point. */
export const amount = (i: Translator, value: number): string => new Intl.NumberFormat(i.locale, { notation: value >= 10_000 ? 'compact' : 'standard', maximumFractionDigits: value < 100 && !Number.isInteger(value) ? 1 : 0 }).format(value)

/** What each step of a plot is called. */
export function stepName(i: Translator, time: string, range: 'hour' | 'day' | 'week'): string {
  return new Intl.DateTimeFormat(i.locale, { ...(range === 'week' ? { weekday: 'short', hour: 'numeric' } : { hour: 'numeric', minute: '2-digit' }), timeZone: 'UTC' }).format(new Date(time))
}
