import { loadCatalogue } from '#i18n/load.ts'
import type { PageLoad } from './$types.ts'

export const load: PageLoad = async ({ data, parent }) => {
  const { catalogues, locale } = await parent()
  return { ...data, catalogues: [...catalogues, await loadCatalogue(locale, 'staff')] }
}
