import { loadCatalogue } from '#i18n/load.ts'
import type { LayoutLoad } from './$types.ts'

/** The messages of the page's language, on the server and in the browser alike. */
export const load: LayoutLoad = async ({ data }) => ({ ...data, catalogues: [await loadCatalogue(data.locale)] })
