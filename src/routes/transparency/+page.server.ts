import type { PageServerLoad } from './$types.ts'
import { loadReport } from './report.server.ts'

export const load: PageServerLoad = ({ locals }) => loadReport(locals, null)
