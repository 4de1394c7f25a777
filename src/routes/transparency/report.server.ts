import { error } from '@sveltejs/kit'
import { reportYears, templateParts, transparencyPage, transparencyReport } from '#server/domain/transparency/index.ts'
import { orErrorPage } from '../forms.server.ts'

/** Open to everybody while the owner leaves it open; those who run the community see it closed, too. */
export async function openedPage(locals: App.Locals): Promise<{ open: boolean; words: string }> {
  const page = await transparencyPage(locals.app)
  const runs = locals.viewer?.role === 'owner' || locals.viewer?.role === 'admin'
  if (!page.open && !runs) error(404, 'notFound', { code: 'notFound' })
  return page
}

/** The report of a year, or of the newest one. */
export async function loadReport(locals: App.Locals, year: string | null) {
  const page = await openedPage(locals)
  const years = await reportYears(locals.app)
  const wanted = year === null ? years[0]?.year : /^\d{4}$/.test(year) ? Number(year) : 0
  const report = wanted === undefined ? null : await orErrorPage(() => transparencyReport(locals.app, wanted))
  return { ...page, years, parts: templateParts, report }
}
