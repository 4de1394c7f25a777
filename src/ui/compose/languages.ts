/** Languages offered beside a post. Any member's own default is added where it is missing. */
const codes = ['en', 'ar', 'am', 'bn', 'cs', 'da', 'de', 'el', 'es', 'eu', 'fa', 'fi', 'fr', 'ga', 'gu', 'ha', 'he', 'hi', 'hu', 'id', 'it', 'ja', 'ko', 'ku', 'ms', 'nl', 'no', 'pl', 'pt', 'ro', 'ru', 'so', 'sv', 'sw', 'ta', 'th', 'tr', 'uk', 'ur', 'vi', 'zh']

/** Code and name (in the page's language), by name. */
export function languagesFor(locale: string, also: string): { code: string; name: string }[] {
  const names = new Intl.DisplayNames([locale], { type: 'language' })
  const all = codes.includes(also) || !also ? codes : [also, ...codes]
  return all.map((code) => ({ code, name: nameOf(names, code) })).sort((a, b) => a.name.localeCompare(b.name, locale))
}

function nameOf(names: Intl.DisplayNames, code: string): string {
  try { return names.of(code) ?? code } catch { return code }
}
