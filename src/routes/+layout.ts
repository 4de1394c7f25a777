import { browser } from '$app/env'
import { loadCatalogue } from '#i18n/load.ts'
import { saysLittle } from '#ui/reading.ts'
import type { LayoutLoad } from './$types.ts'

/** The messages of the page's language, on the server and in the browser alike; there, a page that is read has the rest later (ui/texts.svelte.ts). */
export const load: LayoutLoad = async ({ data, url, untrack }) => {
  const little = browser && wentWell() && untrack(() => saysLittle(url.pathname))
  return { ...data, catalogues: [await loadCatalogue(data.locale, little ? 'reading' : 'core')] }
}

/** A page that tells of a mistake stands at the address that was asked for. */
const wentWell = () => performance.getEntriesByType('navigation').every((entry) => (entry as PerformanceNavigationTiming).responseStatus === 200)
