import type { ReadableStream as NodeStream } from 'node:stream/web'
import { Readable } from 'node:stream'
import { beginImport, importKinds, importsOf } from '#server/domain/imports/index.ts'
import { invalidForm } from '#server/platform/errors.ts'
import { requireViewer, textOf, tryForm } from '../../../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => ({ kinds: [...importKinds], imports: await importsOf(locals.app, requireViewer(locals, url)) })

export const actions: Actions = {
  default: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => {
      const file = data.get('file')
      if (!(file instanceof File) || file.size === 0) throw invalidForm([{ field: 'file', message: 'error.required' }])
      await beginImport(locals.app, viewer, textOf(data, 'kind'), Readable.fromWeb(file.stream() as NodeStream))
      return { done: 'begun' }
    })
  },
}
