import { error } from '@sveltejs/kit'
import { readSettings } from '#server/domain/instance/index.ts'
import { templateCsv, templateParts, transparencyReport } from '#server/domain/transparency/index.ts'
import { orErrorPage } from '../../../forms.server.ts'
import { openedPage } from '../../report.server.ts'
import type { RequestHandler } from './$types.ts'

/** One table of the EU's template. */
export const GET: RequestHandler = async ({ locals, params }) => {
  const { open } = await openedPage(locals)
  const part = templateParts.find((one) => one === params.part)
  if (!part || !/^\d{4}$/.test(params.year)) error(404, 'notFound', { code: 'notFound' })
  const [report, settings] = await Promise.all([orErrorPage(() => transparencyReport(locals.app, Number(params.year))), readSettings(locals.app)])
  return new Response(templateCsv(report, part, settings.name), { headers: {
    'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="transparency-${params.year}-${part}.csv"`, 'cache-control': open ? 'public, max-age=3600' : 'private, no-store', 'x-content-type-options': 'nosniff',
  } })
}
