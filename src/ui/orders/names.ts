/** A country by its two letters, in the reader's language; the letters where it has no name. */
export const countryName = (locale: string, code: string) => { try { return new Intl.DisplayNames(locale, { type: 'region' }).of(code) ?? code } catch { return code } }
export const languageName = (locale: string, code: string) => { try { return new Intl.DisplayNames(locale, { type: 'language' }).of(code) ?? code } catch { return code } }
