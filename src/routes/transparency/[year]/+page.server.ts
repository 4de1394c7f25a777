import { loadReport } from '../report.server.ts'
import type { PageServerLoad } from './$types.ts'

export const load: PageServerLoad = ({ locals, params }) => loadReport(locals, params.year)
