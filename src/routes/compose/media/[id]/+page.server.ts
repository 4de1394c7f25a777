import { Readable } from 'node:stream'
import { captionKinds, captionsOf, describeMedia, mostCoverBytes, postOfMedia, removeCaptions, removeCover, saveCaptions, seeMedia, setCover } from '#server/domain/media/index.ts'
import { invalidForm, tooLarge } from '#server/platform/errors.ts'
import { orErrorPage, requireViewer, textOf, tryForm } from '../../../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

const mostFileBytes = 1_000_000

/** One's own film or recording: what it is called, and what is said in it. ?captions=ID opens these for changing. */
export const load: PageServerLoad = async ({ locals, params, url }) => {
  const viewer = requireViewer(locals, url)
  return orErrorPage(async () => {
    const [media, captions, post] = await Promise.all([seeMedia(locals.app, viewer, params.id), captionsOf(locals.app, viewer, params.id), postOfMedia(locals.app, viewer, params.id)])
    const open = captions.find((one) => one.id === url.searchParams.get('captions')) ?? null
    return { media, captions: captions.map(({ text: _text, ...one }) => one), open, kinds: captionKinds, backTo: post ? `/@${viewer.username}/${post}` : null }
  })
}

export const actions: Actions = {
  words: async ({ locals, params, request, url }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    const given = (name: string) => data.has(name) ? textOf(data, name) : undefined
    return await tryForm(data, async () => {
      await describeMedia(locals.app, viewer, params.id, { description: given('description'), title: given('title'), artist: given('artist'), album: given('album') })
      return { saved: true }
    })
  },
  captions: async ({ locals, params, request, url }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    return await tryForm(data, async () => {
      // A file wins over the text: it is what was chosen last without JavaScript.
      const file = data.get('file')
      if (file instanceof File && file.size > mostFileBytes) throw invalidForm([{ field: 'text', message: 'error.textTooLong', params: { most: 300_000 } }])
      const text = file instanceof File && file.size > 0 ? await file.text() : textOf(data, 'text', false)
      await saveCaptions(locals.app, viewer, params.id, { language: textOf(data, 'language'), kind: textOf(data, 'kind'), label: textOf(data, 'label'), text })
      return { saved: true }
    })
  },
  cover: async ({ locals, params, request, url }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    return await tryForm(data, async () => {
      const file = data.get('picture')
      if (!(file instanceof File) || file.size === 0) throw invalidForm([{ field: 'picture', message: 'error.required' }])
      if (file.size > mostCoverBytes) throw tooLarge('imageTooLarge', { most: mostCoverBytes / 1024 / 1024 })
      await setCover(locals.app, viewer, params.id, Readable.from([Buffer.from(await file.arrayBuffer())]))
      return { saved: true }
    })
  },
  uncover: async ({ locals, params, request, url }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    return await tryForm(data, async () => {
      await removeCover(locals.app, viewer, params.id)
      return { saved: true }
    })
  },
  remove: async ({ locals, params, request, url }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    return await tryForm(data, async () => {
      await removeCaptions(locals.app, viewer, params.id, textOf(data, 'captions'))
      return { saved: true }
    })
  },
}
