import { loadCatalogue } from '#i18n/load.ts'
import type { LayoutLoad } from './$types.ts'

export const load: LayoutLoad = async ({ data, parent }) => {
  const { catalogues, locale } = await parent()
  return { ...data, catalogues: [...catalogues, await loadCatalogue(locale, 'staff')] }
}
