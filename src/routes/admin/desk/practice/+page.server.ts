import { answerPractice, lessons, startPractice } from '#server/domain/desk/index.ts'
import { orErrorPage, textOf, tryForm } from '../../../forms.server.ts'
import { staffOf } from '../../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = staffOf(locals, url)
  const at = Math.max(0, Number(url.searchParams.get('n')) || 0) % lessons.length
  const caseId = await orErrorPage(() => startPractice(locals.app, viewer, at))
  return { caseId, at, count: lessons.length, lesson: lessons[at]!.key, category: lessons[at]!.category }
}

export const actions: Actions = {
  default: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => ({ done: 'answered', act: textOf(data, 'act'), ...await answerPractice(locals.app, viewer, textOf(data, 'id'), textOf(data, 'act')) }))
  },
}
