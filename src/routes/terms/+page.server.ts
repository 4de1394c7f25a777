import { instanceText, instanceTexts } from '#server/domain/instance/index.ts'
import type { PageServerLoad } from './$types.ts'

/** The terms in force, or with ?on=DAY an earlier or coming version; and which others there are. */
export const load: PageServerLoad = async ({ locals, url }) => {
  const on = url.searchParams.get('on') ?? undefined
  const [text, versions] = await Promise.all([instanceText(locals.app, 'terms', on), instanceTexts(locals.app, 'terms')])
  return { text, others: versions.filter((one) => one.text && one.id !== text?.id).map((one) => one.effectiveOn).slice(0, 30) }
}
