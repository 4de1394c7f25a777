/** The languages that are complete. A language is complete or not offered. */
export const locales = ['en', 'ar'] as const
export type Locale = (typeof locales)[number]

export const directionOf = (locale: string): 'ltr' | 'rtl' => (/^(ar|fa|he|ur|yi|dv|ps|ckb|sd|ug)\b/.test(locale) ? 'rtl' : 'ltr')
export const nameOfLocale: Record<Locale, string> = { en: 'English', ar: 'العربية' }
export const isLocale = (value: unknown): value is Locale => locales.includes(value as Locale)

/** The best offered language for an Accept-Language header. */
export function localeFor(header: string | null | undefined, fallback: Locale = 'en'): Locale {
  const wanted = (header ?? '').slice(0, 500).split(',')
    .map((part) => { const [tag = '', q] = part.trim().split(';q='); return { tag: tag.toLowerCase(), q: q === undefined ? 1 : Number(q) || 0 } })
    .sort((a, b) => b.q - a.q)
  for (const { tag } of wanted) {
    const match = locales.find((locale) => tag === locale || tag.startsWith(`${locale}-`))
    if (match) return match
  }
  return fallback
}
