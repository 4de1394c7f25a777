import { readSettings, renderMarkdown } from '#server/domain/instance/index.ts'
import type { PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals }) => {
  const { terms } = await readSettings(locals.app)
  return { html: terms ? renderMarkdown(terms) : '' }
}
