import { instanceTexts, writeInstanceText } from '#server/domain/instance/index.ts'
import type { TextKind } from '#server/domain/instance/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { textOf, tryForm } from '../../forms.server.ts'
import { staffOf } from '../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

const kinds: readonly TextKind[] = ['about', 'privacy', 'terms']

export const load: PageServerLoad = async ({ locals, url }) => {
  staffOf(locals, url, 'admin')
  const versions = await Promise.all(kinds.map((kind) => instanceTexts(locals.app, kind)))
  return { texts: kinds.map((kind, at) => ({ kind, versions: versions[at] ?? [] })), today: locals.app.now().toISOString().slice(0, 10) }
}

export const actions: Actions = {
  default: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => {
      const kind = kinds.find((one) => one === textOf(data, 'kind'))
      if (!kind) throw notFound()
      await writeInstanceText(locals.app, viewer, kind, { text: textOf(data, 'text'), effectiveOn: textOf(data, 'effectiveOn') })
      return { done: 'saved' }
    })
  },
}
