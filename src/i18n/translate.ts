import formatMessage from 'icu-minify/format'
import type { Catalogue } from './load.ts'
import type { MessageKey } from './keys.ts'
import { directionOf } from './locales.ts'
import type { Locale } from './locales.ts'

export type Translator = {
  locale: Locale
  dir: 'ltr' | 'rtl'
  /** The message in this language (ICU MessageFormat: `{name}`, `{count, plural, one {…} other {…}}`). */
  t(key: MessageKey, values?: Record<string, string | number>): string
  /** For keys that come from data (an error's code): the message, or `fallback` where there is none. */
  maybe(key: string, values?: Record<string, string | number>, fallback?: string): string
  /** 12,345 in this language's digits. */
  number(value: number): string
  /** 12.3K, for counts beside icons. */
  short(value: number): string
  /** a date and time, for titles */
  dateTime(value: Date | string | number): string
  /** a date alone */
  date(value: Date | string | number): string
  /** "5m", "3h", "2d", then a date; for bylines. `now` in ms */
  ago(value: Date | string | number, now?: number): string
}

const cached = <Args extends unknown[], Made>(make: (...args: Args) => Made) => {
  const made = new Map<string, Made>()
  return (...args: Args): Made => {
    const key = JSON.stringify(args)
    let value = made.get(key)
    if (value === undefined) made.set(key, value = make(...args))
    return value
  }
}
// The first formatter of a page costs as much as drawing several posts: English needs none for small numbers and for plurals.
const isPlain = (locale: unknown, value: number) => locale === 'en' && Number.isInteger(value) && value >= 0 && value < 1000
const formatters = {
  getDateTimeFormat: cached((...args: ConstructorParameters<typeof Intl.DateTimeFormat>) => new Intl.DateTimeFormat(...args)),
  getNumberFormat: cached((...args: ConstructorParameters<typeof Intl.NumberFormat>) => new Intl.NumberFormat(...args)),
  getPluralRules: cached((...args: ConstructorParameters<typeof Intl.PluralRules>) => new Intl.PluralRules(...args)),
}
/** What messages are formatted with. */
const inMessages = {
  ...formatters,
  getNumberFormat: (...[locale, options]: ConstructorParameters<typeof Intl.NumberFormat>): Pick<Intl.NumberFormat, 'format'> => options ? formatters.getNumberFormat(locale, options) : { format: (value: number) => isPlain(locale, value) ? String(value) : formatters.getNumberFormat(locale).format(value) },
  getPluralRules: (...[locale, options]: ConstructorParameters<typeof Intl.PluralRules>): Pick<Intl.PluralRules, 'select'> => locale === 'en' && options?.type !== 'ordinal' ? { select: (value: number) => value === 1 ? 'one' : 'other' } : formatters.getPluralRules(locale, options),
} as typeof formatters
const relative = cached((locale: string) => new Intl.RelativeTimeFormat(locale, { style: 'narrow', numeric: 'always' }))

/** Speaks one language from its catalogues (later ones win). Costs nothing to make: in a rush it is made for everybody who is sent away. */
export function translator(locale: Locale, ...catalogues: Catalogue[]): Translator {
  const first = catalogues.toReversed() as Record<string, Catalogue[MessageKey]>[]
  const maybe: Translator['maybe'] = (key, values, fallback = key) => {
    const message = first.find((one) => one[key] !== undefined)?.[key]
    if (message === undefined) return fallback
    return typeof message === 'string' ? message : formatMessage(message, locale, values, { formatters: inMessages }) as string
  }
  const n = formatters.getNumberFormat
  return {
    locale,
    dir: directionOf(locale),
    t: (key, values) => maybe(key, values),
    maybe,
    number: (value) => isPlain(locale, value) ? String(value) : n(locale).format(value),
    short: (value) => isPlain(locale, value) ? String(value) : n(locale, { notation: 'compact', maximumFractionDigits: 1 }).format(value),
    dateTime: (value) => formatters.getDateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' }).format(new Date(value)),
    date: (value) => formatters.getDateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(value)),
    ago(value, now = Date.now()) {
      const seconds = Math.max(0, (now - new Date(value).getTime()) / 1000)
      if (seconds < 60) return maybe('common.justNow')
      if (seconds < 3600) return relative(locale).format(-Math.floor(seconds / 60), 'minute')
      if (seconds < 86_400) return relative(locale).format(-Math.floor(seconds / 3600), 'hour')
      if (seconds < 7 * 86_400) return relative(locale).format(-Math.floor(seconds / 86_400), 'day')
      const sameYear = new Date(value).getUTCFullYear() === new Date(now).getUTCFullYear()
      return formatters.getDateTimeFormat(locale, sameYear ? { day: 'numeric', month: 'short' } : { day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(value))
    },
  }
}
