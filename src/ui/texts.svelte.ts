import { loadCatalogue } from '#i18n/load.ts'
import type { Catalogue } from '#i18n/load.ts'
import { isLocale } from '#i18n/locales.ts'

/** Messages that came after the page; in the browser only. */
class Later { texts = $state.raw<Catalogue>({}) }
export const later = new Later()

/** Resolves once all messages of members' pages are there, or can't be had just now. Never throws. */
export async function allTexts(): Promise<void> {
  const { lang } = document.documentElement
  if (isLocale(lang)) later.texts = await loadCatalogue(lang, 'rest').catch(() => later.texts)
}
