import { loadCatalogue } from '#i18n/load.ts'
import type { LayoutLoad } from './$types.ts'

/** These pages are seldom opened: their words come with them. */
export const load: LayoutLoad = async ({ parent }) => {
  const { catalogues, locale } = await parent()
  return { catalogues: [...catalogues, await loadCatalogue(locale, 'staff')] }
}
